#include "ascii.hh"

#include <doctest/doctest.h>

TEST_CASE("RFC 5322 1.2.2: names compare without regard to case, and as a whole")
{
    CHECK(equal_ignoring_case("Received", "RECEIVED"));
    CHECK(equal_ignoring_case("", ""));
    CHECK_FALSE(equal_ignoring_case("Received", "Receive"));
    CHECK_FALSE(equal_ignoring_case("Receive", "Received"));
    CHECK_FALSE(equal_ignoring_case("@", "`")); // like letters they differ in one bit alone
    CHECK_FALSE(equal_ignoring_case("\u00e9", "\u00c9"));
    const std::string_view zero("a\0b", 3), other("a\0c", 3);
    CHECK_FALSE(equal_ignoring_case(zero, other));
    CHECK(starts_ignoring_case("content-TYPE: text/plain", "Content-Type:"));
    CHECK_FALSE(starts_ignoring_case("Content", "Content-Type:"));
    CHECK(is_any_of("Junk", {"bulk", "junk"}));
    CHECK_FALSE(is_any_of("", {"bulk", "junk"}));
    CHECK(lower_case("Mail-\u00c9") == "mail-\u00c9");
    CHECK(trimmed(" \r\n a b\t") == "a b");
    CHECK(trimmed(" \n ") == "");
}

TEST_CASE("words stand between blanks")
{
    using Words = std::vector<std::string_view>;
    CHECK(words_of("") == Words());
    CHECK(words_of(" \n") == Words());
    CHECK(words_of(" a\t\r\n b,c ") == Words{"a", "b,c"});
    CHECK(words_of("a b,c", ",") == Words{"a b", "c"});
}
