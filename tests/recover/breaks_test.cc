#include "recover/breaks.hh"

#include <doctest/doctest.h>

TEST_CASE(
    "each octet is a unit, and each run of blanks that isn't a single one is a numbered break")
{
    const std::string text = "a b\n c\t\xc3\xa9  d\v e\r\n";
    const BrokenText broken = number_breaks(text);
    REQUIRE(broken.starts.size() == 5);
    CHECK(broken.units == Units{'a', ' ', 'b', first_break, 'c', first_break + 1, 0xc3, 0xa9,
                                first_break + 2, 'd', first_break + 3, 'e', first_break + 4});
    CHECK(broken.text_of(first_break) == "\n ");
    CHECK(broken.text_of(first_break + 1) == "\t");
    CHECK(broken.text_of(first_break + 4) == "\r\n");
    CHECK(has_breaks(broken.units));
    CHECK_FALSE(has_breaks(U"a b"));
    CHECK(is_space(first_break));
    CHECK_FALSE(is_space('x'));
}

TEST_CASE("joined again, a break is the blank that it stood for, or nothing")
{
    const Units units = number_breaks("a\nb\n\xc3\xa9").units;
    CHECK(joined(units) == "ab\xc3\xa9");
    CHECK(joined(units, {first_break}) == "a b\xc3\xa9");
    CHECK(joined({}) == "");
}
