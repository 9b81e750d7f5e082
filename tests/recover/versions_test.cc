#include "recover/versions.hh"

#include <doctest/doctest.h>
#include <vector>

namespace {

// All versions of a text, as a search for a request in vain would see them.
std::vector<Version> versions_of(const std::string& text, int quote_depth = 0,
                                 std::size_t characters = 10'000'000, bool html = false)
{
    Budget budget(characters);
    Versions versions({text, html, Text::Place::written}, quote_depth, budget);
    std::vector<Version> all;
    while (const auto version = versions.next()) {
        all.push_back(*version);
        versions.repair(*version);
    }
    return all;
}

} // namespace

TEST_CASE("the text as it came is the first version, then those with the fewest repairs")
{
    const auto versions = versions_of("{&quot;offer&quot;:%7B}\u200b");
    REQUIRE(versions.size() > 3);
    CHECK(versions[0].text == "{&quot;offer&quot;:%7B}\u200b");
    CHECK(versions[0].repairs == 0);
    CHECK(versions[1].text == "{&quot;offer&quot;:%7B}");
    CHECK(versions[2].text == "{\"offer\":%7B}\u200b");
    CHECK(versions[3].text == "{&quot;offer&quot;:{}\u200b");
    for (std::size_t i = 1; i < versions.size(); ++i)
        CHECK(versions[i].repairs >= versions[i - 1].repairs);
}

TEST_CASE("no repair makes a guess certain again")
{
    // To take line numbers away is a guess; base64 below them is decoded without loss.
    bool has_decoded = false;
    for (const Version& version :
         versions_of("1: MS4wCnsib2ZmZXIiOiJ7\n2: XCJzZHBcIjpcInY9MFwifSJ9\n")) {
        if (version.text.find("offer") == version.text.npos ||
            version.text.find("sdp") == version.text.npos)
            continue;
        has_decoded = true;
        CHECK(version.certainty == Certainty::guessed);
    }
    CHECK(has_decoded);
}

TEST_CASE("no version comes twice, and a text without damage has one")
{
    CHECK(versions_of("hello").size() == 1);
    CHECK(versions_of("").size() == 1);
    CHECK(versions_of("a &amp; b\u200b").size() == 4); // each damage repaired, or not
}

TEST_CASE("HTML has a version with its line breaks as blanks and one with marks")
{
    const auto versions = versions_of("<p>v\n=0</p>", 0, 10'000'000, true);
    REQUIRE(versions.size() >= 2);
    CHECK(versions[0].text == "v =0");
    CHECK(versions[1].text == "v\v=0");
}

TEST_CASE("lines that are quoted deeper are left out of every version, and that is told")
{
    Budget budget(1'000'000);
    Versions versions({"one\n> two\n", false, Text::Place::written}, 0, budget);
    CHECK(versions.next()->text == "one\n\x01\n");
    CHECK(versions.has_deeper_lines());
    Versions deeper({"one\n> two\n", false, Text::Place::written}, 1, budget);
    CHECK(deeper.next()->text == "one\ntwo\n");
    CHECK_FALSE(deeper.has_deeper_lines());
}

TEST_CASE("versions are bounded in number and by the budget, but for the first")
{
    std::string nested = "x";
    for (int i = 0; i < 40; ++i)
        nested += "&amp;=3D%2541\u200b*a*";
    CHECK(versions_of(nested).size() <= 60);
    CHECK(versions_of("a &amp; b", 0, 20).size() == 1);
    CHECK(versions_of("a &amp; b", 0, 0).empty());
}
