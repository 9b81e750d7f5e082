#include "recover/likeness.hh"

#include <doctest/doctest.h>
#include <string>

TEST_CASE("letters are put in, taken out or changed, and each of these counts")
{
    CHECK(is_within(0, "nat", "nat"));
    CHECK_FALSE(is_within(0, "nat", "net"));
    for (const char* near : {"na", "natt", "net", "xnat", "naxt"})
        CHECK(is_within(1, near, "nat"));
    for (const char* two : {"n", "ant", "xnaty", "mit", "gnats"})
        CHECK((is_within(2, two, "nat") && !is_within(1, two, "nat")));
    CHECK_FALSE(is_within(2, "", "nat"));
    CHECK(is_within(3, "", "nat"));
    CHECK_FALSE(is_within(2, "nat-mapping", "nat"));
}

TEST_CASE("a name is like a known one that lost, changed or doubled letters, or its middle")
{
    for (const char* like : {"generation", "Generation", "genertion", "gneration", "generaation",
                             "genera", "ration", "genetion", "genen", "gemeratiom"}) {
        CAPTURE(std::string(like));
        CHECK(is_like(like, "generation"));
    }
    for (const char* other : {"extension-x", "gravitation", "network-type", "ID"}) {
        CAPTURE(std::string(other));
        CHECK_FALSE(is_like(other, "generation"));
    }
    CHECK_FALSE(is_like("network-type", "network-cost"));
    CHECK(is_like("network-ic", "network-id"));
}
