#include "rfc5322.hh"

#include <doctest/doctest.h>

TEST_CASE(
    "RFC 5322 3.2.2: a comment becomes a blank, comments nest, and \"\\\" quotes a parenthesis")
{
    CHECK(without_comments("no (manual)") == "no  ");
    CHECK(without_comments("(a (b) c)no(d)") == " no ");
    CHECK(without_comments("(a \\) b)no") == " no");
    CHECK(without_comments("(a \\( b)no") == " no");
    CHECK(without_comments("(a \" b)no(c \" d)") == " no "); // no quoted string is in a comment
    CHECK(without_comments("") == "");
    CHECK(without_comments("no") == "no");
}

TEST_CASE("RFC 5322 3.2.4: between quotation marks a parenthesis begins no comment")
{
    CHECK(without_comments("a=\"(b)\" (c)") == "a=\"(b)\"  ");
    CHECK(without_comments("\"\\\"(a)\"(b)") == "\"\\\"(a)\" ");
    CHECK(without_comments("\"\\\\\"(b)") == "\"\\\\\" ");
}

TEST_CASE("a comment or quoted string that isn't closed goes to the end; other characters stay")
{
    CHECK(without_comments("no (a; b") == "no  ");
    CHECK(without_comments("no (a\\") == "no  ");
    CHECK(without_comments("\"no (a)") == "\"no (a)");
    CHECK(without_comments("\"no\\") == "\"no\\");
    CHECK(without_comments("a) b\\(c)") == "a) b\\ ");
}
