#include "recover/decide_breaks.hh"

#include <algorithm>
#include <doctest/doctest.h>

namespace {

// The lines with their breaks decided about; "none" where that can't be.
std::string decided(const std::string& lines, const std::string& origin = "",
                    std::size_t characters = 1'000'000)
{
    BrokenText text = number_breaks(lines);
    // Within a JSON string a line ends with an escape. Here "|" ends it: a line feed is a break.
    std::replace(text.units.begin(), text.units.end(), U'|', U'\n');
    Budget budget(characters);
    const auto blanks = decide_breaks(text, {text.units, budget}, origin, budget);
    return blanks ? joined(text.units, *blanks) : "none";
}

} // namespace

TEST_CASE("a break becomes a blank or nothing, whichever makes a line that is known")
{
    CHECK(decided("v=0|t=0\n0|a=group:BUN\nDLE\n0|") == "v=0\nt=0 0\na=group:BUNDLE 0\n");
    CHECK(decided("a=candidate:1 1\nudp 2000 8.8.\n8.8 3000\ntyp host|") ==
          "a=candidate:1 1 udp 2000 8.8.8.8 3000 typ host\n");
    CHECK(decided("v=0|x\ny|") == "none");
    CHECK(decided("a=x-unheard-of:a\nb|") == "none");
}

TEST_CASE("a tab or a few blanks stood for a blank, never for nothing")
{
    CHECK(decided("t=0\t0|a=group:BUNDLE  0|") == "t=0 0\na=group:BUNDLE 0\n");
    CHECK(decided("c=IN IP4\n3\t0.0.0.0|") == "none");
    CHECK(decided("a=ice-pwd:94fy  7IURpuLzQICAEkTxDq|") == "none");
    CHECK(decided("a=mi        d:0|") == "a=mid:0\n"); // an indented line's
}

TEST_CASE("a break at either end of a line stood for nothing")
{
    CHECK(decided("\nv=0\n|\n t=0 0\n|") == "v=0\nt=0 0\n");
}

TEST_CASE("a line without breaks is left as it is")
{
    CHECK(decided("v=0|a=x-unheard-of:a b|") == "v=0\na=x-unheard-of:a b\n");
}

TEST_CASE(
    "where both readings are known the other breaks that are written alike tell, if they agree")
{
    CHECK(decided("t=0\n0|a=msid-semantic:WMS\n*|") == "t=0 0\na=msid-semantic:WMS *\n");
    CHECK(decided("a=msid-semantic:WMS\n*|a=mi\nd:0|") == "a=msid-semantic:WMS*\na=mid:0\n");
    CHECK(decided("t=0\n0|a=mi\nd:0|a=msid-semantic:WMS\n*|") == "none");
    CHECK(decided("t=0 \n0|a=msid-semantic:WMS\n*|") == "none");
    CHECK(decided("a=msid-semantic:WMS\n*|", "o=mozilla") == "a=msid-semantic:WMS *\n");
    // What the others tell makes " WMS*" of this line, and nobody writes that.
    CHECK(decided("t=0\n0|a=mi \nd:0|a=msid-semantic:\nWMS \n*|") == "none");
}

TEST_CASE("a line that is one shorter than those folded within a word lost the blank at its end")
{
    const std::string start = "a=mid:0|a=msid-semantic:WMS\n*|a=mid:0|t=0 0|",
                      blank = "a=mid:0\na=msid-semantic:WMS *\na=mid:0\nt=0 0\na=setup:actpass\n",
                      none = "a=mid:0\na=msid-semantic:WMS*\na=mid:0\nt=0 0\na=setup:actpass\n";
    CHECK(decided(start + "a=setup:act\npass|") == none);
    CHECK(decided(start + "a=setup:actp\nass|") == blank);
    CHECK(decided(start + "a=setup:actpa\nss|") == "none");
    CHECK(decided(start + "a=setup:actp\nass|a=setup:actpas\ns|") == "none"); // of no one width
}

TEST_CASE("in a line of more than ten breaks those that are written alike stood for the same")
{
    const std::string line =
        "a=candidate:1 1 udp 2000 8.8.8.8 3000 typ host generation 0 network-id 1 network-cost 50|";
    std::string doubled, tabs = line;
    for (const char c : line)
        doubled += std::string(c == ' ' ? 2 : 1, c);
    for (char& c : tabs)
        c = c == ' ' ? '\t' : c;
    CHECK(decided(doubled) == line.substr(0, line.size() - 1) + "\n");
    CHECK(decided(tabs) == line.substr(0, line.size() - 1) + "\n");
    CHECK(decided(doubled.replace(doubled.find("8.8.8.8"), 7, "8.8.\n8.8")) ==
          line.substr(0, line.size() - 1) + "\n");
}

TEST_CASE("without a budget nothing is decided") { CHECK(decided("t=0\n0|", "", 10) == "none"); }
