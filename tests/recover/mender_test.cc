#include "recover/mender.hh"

#include <doctest/doctest.h>

namespace {

// The lines as they are mended; "none" where they can't be.
std::string mended(const std::string& lines, const std::string& origin = "",
                   std::size_t characters = 1'000'000)
{
    Breaks breaks;
    // Within a JSON string a line ends with an escape; here with "|", lest it be a break.
    Units units = units_of(lines, breaks);
    for (char32_t& unit : units)
        if (unit == '|')
            unit = '\n';
    Budget budget(characters);
    Mender mender(lines, breaks, origin, budget);
    return mender.mend(units) ? joined(units, mender.readings()) : "none";
}

} // namespace

TEST_CASE("a break becomes a blank or nothing, whichever makes a line that is known")
{
    CHECK(mended("v=0|t=0\n0|a=group:BUN\nDLE\n0|") == "v=0\nt=0 0\na=group:BUNDLE 0\n");
    CHECK(mended("a=candidate:1 1\nudp 2000 8.8.\n8.8 3000\ntyp host|") ==
          "a=candidate:1 1 udp 2000 8.8.8.8 3000 typ host\n");
    CHECK(mended("v=0|x\ny|") == "none");
    CHECK(mended("a=x-unheard-of:a\nb|") == "none");
}

TEST_CASE("a tab or a few blanks stood for a blank, never for nothing")
{
    CHECK(mended("t=0\t0|a=group:BUNDLE  0|") == "t=0 0\na=group:BUNDLE 0\n");
    CHECK(mended("c=IN IP4\n3\t0.0.0.0|") == "none");
    CHECK(mended("a=ice-pwd:94fy  7IURpuLzQICAEkTxDq|") == "none");
    CHECK(mended("a=mi        d:0|") == "a=mid:0\n"); // an indented line's
}

TEST_CASE("a break at either end of a line stood for nothing")
{
    CHECK(mended("\nv=0\n|\n t=0 0\n|") == "v=0\nt=0 0\n");
}

TEST_CASE("a line without breaks is left as it is")
{
    CHECK(mended("v=0|a=x-unheard-of:a b|") == "v=0\na=x-unheard-of:a b\n");
}

TEST_CASE(
    "where both readings are known the other breaks that are written alike tell, if they agree")
{
    CHECK(mended("t=0\n0|a=msid-semantic:WMS\n*|") == "t=0 0\na=msid-semantic:WMS *\n");
    CHECK(mended("a=msid-semantic:WMS\n*|a=mi\nd:0|") == "a=msid-semantic:WMS*\na=mid:0\n");
    CHECK(mended("t=0\n0|a=mi\nd:0|a=msid-semantic:WMS\n*|") == "none");
    CHECK(mended("t=0 \n0|a=msid-semantic:WMS\n*|") == "none");
    CHECK(mended("a=msid-semantic:WMS\n*|", "o=mozilla") == "a=msid-semantic:WMS *\n");
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
    CHECK(mended(doubled) == line.substr(0, line.size() - 1) + "\n");
    CHECK(mended(tabs) == line.substr(0, line.size() - 1) + "\n");
    CHECK(mended(doubled.replace(doubled.find("8.8.8.8"), 7, "8.8.\n8.8")) ==
          line.substr(0, line.size() - 1) + "\n");
}

TEST_CASE("without a budget nothing is mended") { CHECK(mended("t=0\n0|", "", 10) == "none"); }
