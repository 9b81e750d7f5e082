#include "recover/quote.hh"

#include <doctest/doctest.h>

TEST_CASE("RFC 3676 4.5: a quoted line loses its prefix, with the blank behind it")
{
    CHECK(unquoted("> one\n>two\nthree\n", 1) == "one\ntwo\nthree\n");
    CHECK(unquoted("> > one\n>> two\n>  three", 2) == "one\ntwo\n three");
    CHECK(unquoted("| one\n", 1) == "one\n"); // as some web mail programs quote
    CHECK(unquoted("  > one\n", 1) == "one\n");
    CHECK(unquoted("", 1) == "");
}

TEST_CASE("The Bat! quotes with the writer's initials, others with the name")
{
    CHECK(unquoted("AS> one\n AS>> two\n", 2) == "one\ntwo\n");
    CHECK(unquoted("\u0410\u0411> one\n", 1) == "one\n");
    CHECK(unquoted("AS> one\n", 0) == "\x01\n");
    CHECK(unquoted("Alice> one\nAlice>\nAlice> > two\n", 2) == "one\n\ntwo\n");
    CHECK(unquoted("p> one\nP>one\nSomebody whom I know> two\n", 1) ==
          "p> one\nP>one\nSomebody whom I know> two\n"); // HTML; a sentence
}

TEST_CASE("something foreign stands in the place of a line that is quoted deeper")
{
    CHECK(unquoted("one\n> two\nthree\n", 0) == "one\n\x01\nthree\n");
    CHECK(unquoted("> one\n>> two\n> three\n", 1) == "one\n\x01\nthree\n");
}

TEST_CASE("blanks in front of a line that is not quoted are its own")
{
    CHECK(unquoted("  one\n", 0) == "  one\n");
    CHECK(unquoted("a > b\n", 0) == "a > b\n");
}
