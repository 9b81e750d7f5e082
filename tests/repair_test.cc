#include "repair.hh"

#include <algorithm>
#include <doctest/doctest.h>

namespace {

const Repair& repair(const std::string& name)
{
    const auto found = std::find_if(repairs().begin(), repairs().end(), [&](const Repair& r) { return r.name == name; });
    REQUIRE_MESSAGE(found != repairs().end(), name);
    return *found;
}

// The first text that the repair gives; "none" where it finds none of its damage.
std::string repaired(const std::string& name, const std::string& text)
{
    const Texts texts = repair(name).undo(text);
    return texts.empty() ? "none" : texts.front();
}

} // namespace

TEST_CASE("what is lossless comes before what may guess wrong, which is held to lines that are known to the letter")
{
    CHECK(std::is_sorted(repairs().begin(), repairs().end(), [](const Repair& a, const Repair& b) { return a.origin < b.origin; }));
    CHECK(repair("typography").origin == Origin::exact);
    CHECK(repair("base64").origin == Origin::exact);
    CHECK(repair("links").origin == Origin::guessed);
    CHECK(repair("halved-backslashes").origin == Origin::guessed);
}

TEST_CASE("no repair finds anything to do in a request that nobody touched")
{
    const std::string request = R"(1.0
{"offer":"{\"sdp\":\"v=0\\r\\no=- 1 2 IN IP4 0.0.0.0\\r\\na=candidate:1 1 udp 2000 8.8.8.8 3000 typ host\\r\\n\",\"type\":\"offer\"}","nat":"unknown"}
)";
    for (const Repair& each : repairs()) {
        CAPTURE(std::string(each.name));
        if (each.name != std::string("json-literal")) // the offer is one
            CHECK(each.undo(request).empty());
    }
}

TEST_CASE("word processors and phones: quotes of all kinds become straight, dashes become hyphens")
{
    CHECK(repaired("typography", "{\u201coffer\u201d:\u201ex\u201c,\u00aby\u00bb,\u301dz\u301e}") == "{\"offer\":\"x\",\"y\",\"z\"}");
    CHECK(repaired("typography", "\u2018a\u2019 \u2032b") == "'a' 'b");
    CHECK(repaired("typography", "o=\u2013 end\u2011of\u2212x") == "o=- end-of-x");
    CHECK(repaired("typography", "127\u2026") == "127...");
    CHECK(repaired("typography", "{\u00ab\u00a0offer\u202f\u00bb:\u300c\u300d\u3003") == "{\"offer\":\"\"\"");
}

TEST_CASE("163.com's no-break spaces and all other blanks become blanks")
{
    for (const std::string blank : {"\u00a0", "\u2002", "\u2003", "\u2009", "\u202f", "\u205f", "\u3000"})
        CHECK(repaired("typography", "a" + blank + "b") == "a b");
    CHECK(repaired("typography", "a\u2028b\vc") == "a\nb\nc");
}

TEST_CASE("iOS Mail's byte order marks, Teams' zero-width spaces, direction marks and soft hyphens go")
{
    for (const std::string mark : {"\ufeff", "\u200b", "\u200c", "\u200d", "\u2060", "\u00ad", "\u202c", "\u2066", "\u200f"})
        CHECK(repaired("typography", "of" + mark + "fer") == "offer");
}

TEST_CASE("terminals: colours and control characters go, but for line ends and what stands for a line that was left out")
{
    CHECK(repaired("typography", "\x1b[32;1mof\x1b[0mfer\x02\x7f\x1f") == "offer");
    CHECK(repaired("typography", "a\tb\r\n\x01\n") == "none");
}

TEST_CASE("Persian and Arabic digits become ASCII") { CHECK(repaired("typography", "\u06f1\u06f2.\u0663") == "12.3"); }

TEST_CASE("East Asian input methods' full-width letters become ASCII")
{
    CHECK(repaired("typography", "\uff5b\uff02a\uff02\uff1a\uff11\uff5d") == "{\"a\":1}");
}

TEST_CASE("Shift_JIS and EUC-KR: a yen or won sign was a backslash, unless the text has backslashes")
{
    CHECK(repaired("typography", "{\u00a5\"") == "{\\\"");
    CHECK(repaired("typography", "{\u20a9\"") == "{\\\"");
    CHECK(repaired("typography", "{\uffe6\"") == "{\\\"");
    CHECK(repaired("typography", "\\ costs \u00a5 5") == "none");
}

TEST_CASE("letters that mean nothing here are left as they are")
{
    CHECK(repaired("typography", "\u043f\u0440\u0438\u0432\u0435\u0442") == "none");
    CHECK(repaired("typography", "plain") == "none");
    CHECK(repaired("typography", "\xff\xfe") == "none");
}

TEST_CASE("Outlook and Exchange: a link that was put behind an address goes")
{
    CHECK(repaired("links", "2000 8.8.8.8<http://8.8.8.8> 3000") == "2000 8.8.8.8 3000");
    CHECK(repaired("links", "2000 8.8.8.8<http://8.8.8.8/>3000") == "2000 8.8.8.83000");
    CHECK(repaired("links", "- 987654321<tel:987654321> 2") == "- 987654321 2");
    CHECK(repaired("links", "x.local<HTTPS://x.local>") == "x.local");
}

TEST_CASE("Gmail, Teams and Proofpoint: links with a blank or line break before them, in brackets, one behind the other")
{
    CHECK(repaired("links", "8.8.8.8 <http://8.8.8.8> 3000") == "8.8.8.8 3000");
    CHECK(repaired("links", "8.8.8.8\n<http://8.8.8.8> 3000") == "8.8.8.8 3000");
    CHECK(repaired("links", "8.8.8.8 [http://8.8.8.8] 3000") == "8.8.8.8 3000");
    CHECK(repaired("links", "8.8.8.8 [8.8.8.8]<https://urldefense.example/v3/__http://8.8.8.8__;!!x> 3000") == "8.8.8.8 3000");
}

TEST_CASE("Markdown and wikis: an address with its link, or the link in its place, is the address again")
{
    CHECK(repaired("links", "2000 [8.8.8.8](http://8.8.8.8) 3000") == "2000 8.8.8.8 3000");
    CHECK(repaired("links", "2000 [8.8.8.8|http://8.8.8.8] 3000") == "2000 8.8.8.8 3000");
    CHECK(repaired("links", "2000 http://8.8.8.8/ 3000") == "2000 8.8.8.8 3000");
    CHECK(repaired("links", "2000 <http://8.8.8.8> 3000") == "2000 8.8.8.8 3000");
    CHECK(repaired("links", "8.8.8.8 (http://8.8.8.8) 3000") == "8.8.8.8 3000");
}

TEST_CASE("what stands in brackets and is no link stays")
{
    CHECK(repaired("links", "a <b> [c] (d) [e](f) [g|h]") == "none");
    CHECK(repaired("links", "8.8.8.8<tel:8.8\"8> 1") == "none");
    CHECK(repaired("links", "8.8.8.8<tel:8") == "none");
}

TEST_CASE("editors number lines")
{
    CHECK(repaired("line-numbers", "1: 1.0\n2: {\n3: }\n") == "1.0\n{\n}\n");
    CHECK(repaired("line-numbers", "Hello\n  1\t1.0\n  2\t{}\n") == "Hello\n1.0\n{}\n");
    CHECK(repaired("line-numbers", "1: 1.0\n{}\n") == "none");
    CHECK(repaired("line-numbers", "1.0\n{}\n") == "none");
    CHECK(repaired("line-numbers", "") == "none");
}

TEST_CASE("Markdown editors put backslashes before punctuation")
{
    CHECK(repaired("markdown-escapes", R"(\{"offer":"WMS\*\\r a\_b \[1\]"\})") == R"({"offer":"WMS*\\r a_b [1]"})");
    CHECK(repaired("markdown-escapes", R"("\\*\"")") == "none");
}

TEST_CASE("RFC 4180 2: a cell of a table has its quotes doubled; others write two apostrophes or accents for one")
{
    CHECK(repaired("doubled-quotes", "{''offer'':''''}") == "{\"offer\":\"\"}");
    CHECK(repaired("doubled-quotes", "{``offer``}") == "{\"offer\"}");
    CHECK(repaired("doubled-quotes", R"("1.0{""offer"":""{\""sdp\""}"",""nat"":""""}")") == R"("1.0{"offer":"{\"sdp\"}","nat":""}")");
    CHECK(repaired("doubled-quotes", R"({"offer":"","nat":""})") == "none");
}

TEST_CASE("sendmail ends a line that is too long with an exclamation mark")
{
    CHECK(repaired("sendmail-break", "a=candi!\n date") == "a=candi\n date");
    CHECK(repaired("sendmail-break", "a=candi!\r\n date") == "a=candi\n date");
    CHECK(repaired("sendmail-break", "Hello! Bye!") == "none");
}

TEST_CASE("a shell's echo takes one level of backslashes")
{
    CHECK(repaired("halved-backslashes", R"({"offer":"{"sdp":"v=0\r\n","type":"offer"}","nat":"unknown"})") ==
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
    CHECK(repaired("emphasis", R"({"*offer*":"a=msid-semantic:WMS*\r\n"})") == R"({"offer":"a=msid-semantic:WMS*\r\n"})");
    CHECK(repaired("emphasis", R"({"*offer*":"a=msid-semantic:WMS *\r\n"})") == R"({"offer":"a=msid-semantic:WMS *\r\n"})");
    CHECK(repaired("emphasis", "a_b") == "none");
    CHECK(repaired("emphasis", "a=msid-semantic:WMS\n*\\r\\n") == "none");
}

TEST_CASE("chats write italic and bold lines between underscores; those within a line stay")
{
    CHECK(repaired("emphasis", "_{\"offer\":\"a_b__c\"}_\n__x__") == "{\"offer\":\"a_b__c\"}\nx");
    CHECK(repaired("emphasis", "*a=msid-semantic:WMS*\n**\\r\\n*\n**x**") == "a=msid-semantic:WMS\n*\\r\\n\nx");
}

TEST_CASE("RFC 5321 4.5.2: a dot that was doubled at a line's start is single again")
{
    CHECK(repaired("dot-stuffing", "8.8\n..8.8") == "8.8\n.8.8");
    CHECK(repaired("dot-stuffing", "8.8..8.8") == "8.8.8.8");
    CHECK(repaired("dot-stuffing", "mozilla...THIS") == "none");
    CHECK(repaired("dot-stuffing", "mozilla....THIS") == "mozilla...THIS");
}
