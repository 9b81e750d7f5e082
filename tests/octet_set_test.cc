#include "octet_set.hh"

#include "recover/replaced.hh"

#include <doctest/doctest.h>

TEST_CASE("a set of octets finds the first of them, whatever their values")
{
    constexpr OctetSet set(std::string_view("a\0\xff", 3));
    CHECK(set.find_in("xxa") == 2);
    CHECK(set.find_in("xxa", 3) == std::string_view::npos);
    CHECK(set.find_in(std::string_view("x\0", 2)) == 1);
    CHECK(set.find_in("xx\xff") == 2);
    CHECK(set.find_in("") == std::string_view::npos);
    CHECK(!OctetSet("").has('\0'));
}

TEST_CASE("what is replaced is the same with and without a set of starts")
{
    const auto halve = [](std::string_view rest, std::string& result) -> std::size_t {
        if (!rest.starts_with("=="))
            return 0;
        result += '=';
        return 2;
    };
    for (const std::string_view text : {"", "a", "==", "=", "a==b=c", "=====", "==a", "a=="})
        CHECK(replaced(text, OctetSet("="), halve) == replaced(text, halve));
    CHECK(replaced("!\na!!\n!", "!\n", "\n") == "\na!\n!");
    CHECK(replaced("", "!", "?") == "");
}
