#include "recover/repairs.hh"

#include <algorithm>
#include <doctest/doctest.h>

namespace {

const Repair& repair(const std::string& name)
{
    const auto found = std::find_if(repairs().begin(), repairs().end(),
                                    [&](const Repair& r) { return r.name() == name; });
    REQUIRE_MESSAGE(found != repairs().end(), name);
    return *found;
}

// The first text that the repair gives; "none" where it finds none of its damage.
std::string repaired(const std::string& name, const std::string& text)
{
    Budget budget(10'000'000);
    const Strings texts = repair(name).apply(text, budget);
    return texts.empty() ? "none" : texts.front();
}

} // namespace

TEST_CASE(
    "what is lossless comes before what may guess wrong, which is held to lines that are known to "
    "the letter")
{
    CHECK(std::is_partitioned(repairs().begin(), repairs().end(), [](const Repair& r) {
        return r.certainty() < Certainty::unwrapped;
    }));
    CHECK(repair("typography").certainty() == Certainty::tidied);
    CHECK(repair("base64").certainty() == Certainty::exact);
    CHECK(repair("links").certainty() == Certainty::guessed);
    CHECK(repair("halved-backslashes").certainty() == Certainty::guessed);
}

TEST_CASE("a repair is paid for what goes in and what comes out, or makes nothing")
{
    const std::string text = "&quot;";
    Budget enough(100), too_little(text.size() + 1);
    CHECK(repair("references").apply(text, enough) == Strings{"\""});
    CHECK(enough.left() == 100 - text.size() - 1);
    CHECK(repair("references").apply(text, too_little).empty());
    CHECK(too_little.is_spent());
}

TEST_CASE("no repair finds anything to do in a request that nobody touched")
{
    const std::string request = R"(1.0
{"offer":"{\"sdp\":\"v=0\\r\\no=- 1 2 IN IP4 0.0.0.0\\r\\na=candidate:1 1 udp 2000 8.8.8.8 3000 typ host\\r\\n\",\"type\":\"offer\"}","nat":"unknown"}
)";
    Budget budget(1'000'000);
    for (const Repair& each : repairs()) {
        CAPTURE(std::string(each.name()));
        if (each.name() != std::string("json-literal")) // the offer is one
            CHECK(each.apply(request, budget).empty());
    }
}

TEST_CASE("editors number lines")
{
    CHECK(repaired("line-numbers", "1: 1.0\n2: {\n3: }\n") == "1.0\n{\n}\n");
    CHECK(repaired("line-numbers", "Hello\n  1\t1.0\n  2\t{}\n") == "Hello\n1.0\n{}\n");
    CHECK(repaired("line-numbers", "1: 1.0\n{}\n") == "none");
    CHECK(repaired("line-numbers", "1.0\n{}\n") == "none");
    CHECK(repaired("line-numbers", "1. 1.0\n2.\n3. {}") == "1.0\n\n{}");
    CHECK(repaired("line-numbers", "1 | 1.0\n2 | {}\nBye\n3 | x") == "1.0\n{}\nBye\n3 | x");
    CHECK(repaired("line-numbers", "1.0\n2 IN IP4\n") == "none");
    CHECK(repaired("line-numbers", "1: 1.0\n{}\n2: {}\n") == "none");
    CHECK(repaired("line-numbers", "") == "none");
}

TEST_CASE("Markdown editors put backslashes before punctuation")
{
    CHECK(repaired("markdown-escapes", R"(\{"offer":"WMS\*\\r a\_b \[1\]"\})") ==
          R"({"offer":"WMS*\\r a_b [1]"})");
    CHECK(repaired("markdown-escapes", R"("\\*\"")") == "none");
}

TEST_CASE(
    "RFC 4180 2: a cell of a table has its quotes doubled; others write two apostrophes or "
    "accents for one")
{
    CHECK(repaired("doubled-quotes", "{''offer'':''''}") == "{\"offer\":\"\"}");
    CHECK(repaired("doubled-quotes", "{``offer``}") == "{\"offer\"}");
    CHECK(repaired("doubled-quotes", R"("1.0{""offer"":""{\""sdp\""}"",""nat"":""""}")") ==
          R"("1.0{"offer":"{\"sdp\"}","nat":""}")");
    CHECK(repaired("doubled-quotes", R"({"offer":"","nat":""})") == "none");
}

TEST_CASE("mutt marks the lines that go on with a plus sign")
{
    CHECK(repaired("continuation-marks", "1.0\n{\"offer\":\n+\"{}\",\"nat\":\n+\"\"}\n-N-") ==
          "1.0\n{\"offer\":\n\"{}\",\"nat\":\n\"\"}\n-N-");
    CHECK(repaired("continuation-marks", "{\"answer\":\n++\n+\"\"}") == "{\"answer\":\n+\n\"\"}");
    // A password may begin a line with its own.
    CHECK(repaired("continuation-marks", "{\"offer\":\n+\"{}\"}") == "none");
    CHECK(repaired("continuation-marks", "{\"offer\":\n+\"{}\"\n+,\n\"nat\":\"\"}") == "none");
    CHECK(repaired("continuation-marks", "{\"offer\":\n+\"{}\"\n+,") == "none");
    CHECK(repaired("continuation-marks", "+1\n+2\n+}") == "none");
}

TEST_CASE("Emacs ends the lines that go on with a backslash, all in one column")
{
    CHECK(repaired("continuation-marks", "{\"offe\\\nr\":\"x\\\\\n{}\"}\n--- Mail") ==
          "{\"offer\":\"x\\{}\"}\n--- Mail");
    CHECK(repaired("continuation-marks", "{\"offe\\\nr\":\"\\\n{}\"}") == "none");
    CHECK(repaired("continuation-marks", "{\"offer\":\\\n{}\"}") == "none");
    CHECK(repaired("continuation-marks", "{\"o\\\n{\"o\\\n{}\"") == "none");
    CHECK(repaired("continuation-marks", "{") == "none");
}

TEST_CASE("sendmail ends a line that is too long with an exclamation mark")
{
    CHECK(repaired("sendmail-break", "a=candi!\n date") == "a=candi\n date");
    CHECK(repaired("sendmail-break", "a=candi!\r\n date") == "a=candi\n date");
    CHECK(repaired("sendmail-break", "Hello! Bye!") == "none");
}

TEST_CASE("a shell's echo takes one level of backslashes")
{
    CHECK(repaired("halved-backslashes",
                   R"({"offer":"{"sdp":"v=0\r\n","type":"offer"}","nat":"unknown"})") ==
          R"({"offer":"{\"sdp\":\"v=0\\r\\n\",\"type\":\"offer\"}","nat":"unknown"})");
    CHECK(repaired("halved-backslashes", R"({"offer":1})") == "none");
}

TEST_CASE("Python prints an object with single quotes")
{
    CHECK(repaired("single-quotes", R"({'offer': '{"sdp":"v=0\\r\\n"}', 'nat': 'unknown'})") ==
          R"({"offer": "{\"sdp\":\"v=0\\r\\n\"}", "nat": "unknown"})");
    CHECK(repaired("single-quotes", R"({"offer": 'x'})") == "none");
}

TEST_CASE("Gmail writes bold text between asterisks; one asterisk is the client's own")
{
    CHECK(repaired("emphasis", R"({"*offer*":"a=msid-semantic:WMS*\r\n"})") ==
          R"({"offer":"a=msid-semantic:WMS*\r\n"})");
    CHECK(repaired("emphasis", R"({"*offer*":"a=msid-semantic:WMS *\r\n"})") ==
          R"({"offer":"a=msid-semantic:WMS *\r\n"})");
    CHECK(repaired("emphasis", "a_b") == "none");
    CHECK(repaired("emphasis", "o=- **********217857297 1") == "none"); // masked
    CHECK(repaired("emphasis", "o=- ***217857297*** 1") == "o=- 217857297 1");
    CHECK(repaired("emphasis", "a=msid-semantic:WMS\n*\\r\\n") == "none");
}

TEST_CASE("chats write italic and bold lines between underscores; those within a line stay")
{
    CHECK(repaired("emphasis", "_{\"offer\":\"a_b__c\"}_\n__x__") == "{\"offer\":\"a_b__c\"}\nx");
    CHECK(repaired("emphasis", "*a=msid-semantic:WMS*\n**\\r\\n*\n**x**") ==
          "a=msid-semantic:WMS\n*\\r\\n\nx");
}

TEST_CASE("RFC 5321 4.5.2: a dot that was doubled at a line's start is single again")
{
    CHECK(repaired("dot-stuffing", "8.8\n..8.8") == "8.8\n.8.8");
    CHECK(repaired("dot-stuffing", "8.8..8.8") == "8.8.8.8");
    CHECK(repaired("dot-stuffing", "mozilla...THIS") == "none");
    CHECK(repaired("dot-stuffing", "mozilla....THIS") == "mozilla...THIS");
}

TEST_CASE("a text may end anywhere, also inside what a repair looks for")
{
    for (const std::string text :
         {R"({'offer': '{"type":"offer","sdp":"v=0\\r\\n\\u0022\'', 'nat': 'x'})",
          R"({\\"offer\\":\\"\\u0022\\/\\n\\\\\\"}\_ \* \\)", "=3D=E2=80=9C= \n=\r\n%22+%5C%7B",
          "&quot;&#34;&#x22;&amp;quot;<br>&nbsp;", "!\r\n..\r\n*b* **c** `d` _e_",
          "\u00ab\u00a0offer\u202f\u00bb\x1b[0;31mx\u200b",
          "[8.8.8.8](http://8.8.8.8) <http://a.local> [a|http://a]"}) {
        const std::string before = "{'offer': ' =3D %22 ";
        for (std::size_t size = 0; size <= text.size(); ++size)
            for (const Repair& each : repairs()) {
                Budget budget(1'000'000);
                each.apply(text.substr(0, size), budget);
                each.apply(before + text.substr(0, size), budget);
            }
    }
}
