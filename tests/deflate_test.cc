#include "deflate.hh"

#include <doctest/doctest.h>
#include <random>

using namespace std::string_literals;

TEST_CASE("RFC 1951: what is deflated comes back, and what stands behind it is left alone")
{
    std::string noise;
    std::mt19937 random(1);
    for (int i = 0; i < 50000; ++i)
        noise += static_cast<char>(random());
    for (const std::string& octets : {""s, "a"s, "a\0b"s, std::string(90000, 'a'), noise}) {
        const std::string small = deflated(octets);
        for (const std::string behind : {"", "\xff\xff\xff"}) {
            const Inflated result = inflated(small + behind, 100'000);
            CHECK(result.octets == octets);
            CHECK(result.read == small.size());
            CHECK(result.is_whole);
        }
    }
    CHECK(deflated(std::string(90000, 'a')).size() < 200);
    CHECK(inflated("\x03\x00"s, 100).is_whole); // the smallest stream: no header, no checksum
}

TEST_CASE("what is cut off is inflated as far as it goes, and isn't whole")
{
    std::string octets;
    for (int i = 0; i < 1000; ++i)
        octets += std::to_string(i * i) + ' ';
    const std::string small = deflated(octets);
    for (std::size_t size = 0; size < small.size(); size += 97) {
        const Inflated result = inflated(small.substr(0, size), 100'000);
        CHECK_FALSE(result.is_whole);
        CHECK(octets.starts_with(result.octets));
        CHECK(result.octets.size() >= size / 2);
    }
}

TEST_CASE("no more comes out than is asked for, however much is in it")
{
    const std::string bomb = deflated(std::string(50'000'000, 'a'));
    REQUIRE(bomb.size() < 60'000);
    CHECK(inflated(bomb, 100'000).octets.size() == 100'000);
    CHECK_FALSE(inflated(bomb, 100'000).is_whole);
    const std::string small = deflated(std::string(5000, 'a'));
    CHECK(inflated(small, 5000).octets.size() == 5000);
    CHECK_FALSE(inflated(small, 4999).is_whole);
    CHECK(inflated(small, 0).octets.empty());
}

TEST_CASE("what is no deflate stream gives nothing, or what came before the fault")
{
    for (const std::string& octets :
         {""s, "\xff"s, "\x06"s, "hello"s, "\x01\x05\x00\x00\x00hello"s})
        CHECK_FALSE(inflated(octets, 1000).is_whole);
}
