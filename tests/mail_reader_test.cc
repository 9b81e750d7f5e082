#include "mail_reader.hh"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

TEST_CASE("a mail of any size is over its limit before the time is over")
{
    CHECK(reader_limits(1000, 37s).cpu == 2s);
    for (const std::size_t octets : {1'000UL, 10'000'000UL, 104'857'600UL})
        for (const auto time : {2s, 37s, 892s}) {
            CHECK(reader_limits(octets, time).cpu * 2 <= time);
            CHECK(reader_limits(octets, time).cpu > 0s);
        }
}

TEST_CASE("a mail that is read apart is the mail that is read here")
{
    const std::string bytes = "From: user@example.net\nSubject: hello\n\nhello\n";
    const auto apart = read_mail_apart(bytes, Clock::now() + 20s);
    REQUIRE(std::holds_alternative<Mail>(apart));
    CHECK(std::get<Mail>(apart).header.fields.size() == read_mail(bytes).header.fields.size());
    CHECK(std::get<Mail>(apart).header.from == read_mail(bytes).header.from);
}
