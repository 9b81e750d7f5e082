#include "recover/markup.hh"

#include <doctest/doctest.h>

namespace {

// The first text that a repair makes; "": none.
std::string first(const Strings& texts) { return texts.empty() ? "" : texts.front(); }

} // namespace

TEST_CASE(
    "HTML's text is tried with its line breaks, with soft ones undone, and with references that a "
    "gateway broke")
{
    CHECK(first(texts_of_html("<p>{&quot;offer&quot;:1}</p>")) == "{\"offer\":1}");
    CHECK(texts_of_html("<p>v\n=0</p>") == Strings{"v =0", "v\v=0"});
    CHECK(texts_of_html("<p>v\n=0" + std::string(1000, 'x') + "</p>").size() ==
          1); // a mail system's break is no blank
    CHECK(first(texts_of_html("<p>&qu\n ot;</p>")) == "\"");
    const Strings texts = texts_of_html("<p class=3Dx>v=3D0=\n</p>");
    REQUIRE(texts.size() == 3);
    CHECK(texts[2] == "v=0");
}

TEST_CASE("HTML source shown as text is read as HTML, unless a line of it was left out")
{
    CHECK(first(repair_html_source("<div>{&quot;a&quot;}</div>")) == "{\"a\"}");
    CHECK(first(repair_html_source("{\"a\"<br>}")) == "{\"a\"\n}");
    CHECK(repair_html_source("1 < 2 and 3 > 2").empty());
    CHECK(repair_html_source("<div>\x01\n</div>").empty());
}

TEST_CASE("QQ leaves character references in text/plain; what was escaped twice takes two turns")
{
    CHECK(first(repair_references("{&quot;a&quot;:&#34;\\&#x5C;&#34;}")) == "{\"a\":\"\\\\\"}");
    CHECK(first(repair_references("a&nbsp;b")) == "a\u00a0b");
    CHECK(first(repair_references("&amp;quot;")) == "&quot;");
    CHECK(first(repair_references("&qu\n ot;")) == "\"");
    CHECK(first(repair_references("&QUOT;&LT")) == "\"<");
    CHECK(repair_references("R&D &unknown;").empty());
}
