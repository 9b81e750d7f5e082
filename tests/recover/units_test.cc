#include "recover/units.hh"

#include <doctest/doctest.h>

TEST_CASE(
    "each octet is a unit, and each run of blanks that isn't a single one is a numbered break")
{
    const std::string text = "a b\n c\t\xc3\xa9  d\v e\r\n";
    Breaks breaks;
    const Units units = units_of(text, breaks);
    REQUIRE(breaks.size() == 5);
    CHECK(units == Units{'a', ' ', 'b', first_break, 'c', first_break + 1, 0xc3, 0xa9,
                         first_break + 2, 'd', first_break + 3, 'e', first_break + 4});
    CHECK(text_of(first_break, text, breaks) == "\n ");
    CHECK(text_of(first_break + 1, text, breaks) == "\t");
    CHECK(text_of(first_break + 4, text, breaks) == "\r\n");
    CHECK(has_breaks(units));
    CHECK_FALSE(has_breaks(U"a b"));
    CHECK(is_space(first_break));
    CHECK_FALSE(is_space('x'));
}

TEST_CASE("joined again, a break is the blank that it stood for, or nothing")
{
    Breaks breaks;
    const Units units = units_of("a\nb\n\xc3\xa9", breaks);
    CHECK(joined(units, {}) == "ab\xc3\xa9");
    CHECK(joined(units, {first_break}) == "a b\xc3\xa9");
    CHECK(joined({}, {}) == "");
}
