#include "flowed.hh"

#include <doctest/doctest.h>

TEST_CASE("RFC 3676 4.2: a line that ends with a blank goes on in the next one")
{
    CHECK(unflowed("one \ntwo\nthree\n", false) == "one two\nthree\n");
    CHECK(unflowed("one \r\ntwo\r\nthree", false) == "one two\nthree\n");
    CHECK(unflowed("one \n\ntwo\n", false) == "one \ntwo\n");
    CHECK(unflowed("", false) == "");
}

TEST_CASE("RFC 3676 4.2: with DelSp the blank before a soft line break goes, one of two stays")
{
    CHECK(unflowed("on \ne\n", true) == "one\n");
    CHECK(unflowed("one  \ntwo\n", true) == "one two\n");
}

TEST_CASE("RFC 3676 4.3: the line before a signature is no flowed one")
{
    CHECK(unflowed("-- \nname\n", false) == "-- \nname\n");
    CHECK(unflowed("-- \nname\n", true) == "-- \nname\n");
    CHECK(unflowed("a -- \nname\n", false) == "a -- name\n");
}

TEST_CASE("RFC 3676 4.4: the blank that a line was stuffed with goes")
{
    CHECK(unflowed(" >quoted by nobody\n", false) == ">quoted by nobody\n");
    CHECK(unflowed("  two\n", false) == " two\n");
    CHECK(unflowed("one \n two\n", false) == "one two\n");
}

TEST_CASE("RFC 3676 4.5: quoted lines flow within one depth, and keep one prefix")
{
    CHECK(unflowed("> one \n> two\n", false) == "> one two\n");
    CHECK(unflowed(">> one \n>> two\n> three\n", false) == ">> one two\n> three\n");
    CHECK(unflowed("> > one \n> > two\n>> three\n", false) == ">> one two\n>> three\n");
    CHECK(unflowed("> one \ntwo\n", false) == "> one \ntwo\n");
    CHECK(unflowed(">> one \n> two\n", true) == ">> one\n> two\n");
}
