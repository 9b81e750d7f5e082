#include "recover/links.hh"

#include <doctest/doctest.h>

namespace {

// "none" where there is nothing to repair.
std::string repaired(const std::string& text)
{
    const Strings texts = repair_links(text);
    return texts.empty() ? "none" : texts.front();
}

} // namespace

TEST_CASE("Outlook and Exchange: a link that was put behind an address goes")
{
    CHECK(repaired("2000 8.8.8.8<http://8.8.8.8> 3000") == "2000 8.8.8.8 3000");
    CHECK(repaired("2000 8.8.8.8<http://8.8.8.8/>3000") == "2000 8.8.8.83000");
    CHECK(repaired("- 987654321<tel:987654321> 2") == "- 987654321 2");
    CHECK(repaired("x.local<HTTPS://x.local>") == "x.local");
}

TEST_CASE(
    "Gmail, Teams and Proofpoint: links with a blank or line break before them, in brackets, one "
    "behind the other")
{
    CHECK(repaired("8.8.8.8 <http://8.8.8.8> 3000") == "8.8.8.8 3000");
    CHECK(repaired("8.8.8.8\n<http://8.8.8.8> 3000") == "8.8.8.8 3000");
    CHECK(repaired("8.8.8.8 [http://8.8.8.8] 3000") == "8.8.8.8 3000");
    CHECK(
        repaired("8.8.8.8 [8.8.8.8]<https://urldefense.example/v3/__http://8.8.8.8__;!!x> 3000") ==
        "8.8.8.8 3000");
}

TEST_CASE(
    "Markdown and wikis: an address with its link, or the link in its place, is the address again")
{
    CHECK(repaired("2000 [8.8.8.8](http://8.8.8.8) 3000") == "2000 8.8.8.8 3000");
    CHECK(repaired("2000 [8.8.8.8|http://8.8.8.8] 3000") == "2000 8.8.8.8 3000");
    CHECK(repaired("2000 http://8.8.8.8/ 3000") == "2000 8.8.8.8 3000");
    CHECK(repaired("2000 <http://8.8.8.8> 3000") == "2000 8.8.8.8 3000");
    CHECK(repaired("8.8.8.8 (http://8.8.8.8) 3000") == "8.8.8.8 3000");
}

TEST_CASE("what stands in brackets and is no link stays")
{
    CHECK(repaired("a <b> [c] (d) [e](f) [g|h]") == "none");
    CHECK(repaired("8.8.8.8<tel:8.8\"8> 1") == "none");
    CHECK(repaired("8.8.8.8<tel:8") == "none");
}

TEST_CASE("Proofpoint repeats an address in brackets; a short word there is somebody's own")
{
    CHECK(repaired("2000 8.8.8.8 (8.8.8.8) 3000") == "2000 8.8.8.8 3000");
    CHECK(repaired("typ host (host) x") == "typ host x");
    CHECK(repaired("1 udp (udp) 2000") == "none");
}
