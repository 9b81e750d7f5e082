#include "recover/encoding.hh"

#include <doctest/doctest.h>
#include <glib.h>

using namespace std::string_literals;

namespace {

const std::string request = "1.0\n{\"offer\":\"{\\\"sdp\\\":\\\"v=0\\\\r\\\\n~~~>>>?????\\\"}\"}";

std::string base64(const std::string& text)
{
    char* encoded = g_base64_encode(reinterpret_cast<const guchar*>(text.data()), text.size());
    const std::string result = encoded;
    g_free(encoded);
    return result;
}

std::string every(std::size_t width, const std::string& separator, const std::string& text)
{
    std::string result;
    for (std::size_t i = 0; i < text.size(); i += width)
        result += (i ? separator : "") + text.substr(i, width);
    return result;
}

// What an undoing gives in the first place; "": nothing.
std::string first(const Texts& texts) { return texts.empty() ? "" : texts.front(); }

} // namespace

TEST_CASE("RFC 4648: base64 is decoded, also url-safe, without padding, and with text around it")
{
    const std::string encoded = base64(request);
    CHECK(first(undo_base64(encoded)) == request);
    CHECK(first(undo_base64("Hello, here it is: " + encoded + "\n\nBye.")).starts_with(request));
    CHECK(
        first(undo_base64("x" + encoded + "Sent from my Galaxy")).starts_with(request)); // Samsung
    CHECK(first(undo_base64("data:text/plain;base64," + encoded)) == request);
    std::string url_safe = encoded;
    for (char& c : url_safe)
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    CHECK(first(undo_base64(url_safe.substr(0, url_safe.find('=')))) == request);
}

TEST_CASE(
    "base64 is decoded wrapped, quoted, with blanks, zero-width characters or sendmail's marks between its lines")
{
    const std::string encoded = base64(request);
    for (const std::string separator :
         {"\n", "\r\n", "\n> ", "\n>> ", " ", "\u200b", "\u00a0", "\ufeff\n", "!\n ", "\n\n"}) {
        CAPTURE(separator);
        CHECK(first(undo_base64(every(64, separator, encoded))) == request);
    }
}

TEST_CASE("base64 of UTF-16, which PowerShell makes, is decoded")
{
    std::string wide;
    for (const char c : request)
        wide += {c, '\0'};
    CHECK(first(undo_base64(base64(wide))) == request);
    CHECK(first(undo_base64(base64("\xff\xfe" + wide))) == request);
}

TEST_CASE("starts of base64 that are none don't use up what may be spent on the real one")
{
    std::string text;
    for (int i = 0; i < 2000; ++i)
        text += "eyJ, a word\n";
    CHECK(first(undo_base64(text + base64(request))) == request);
}

TEST_CASE("base64 of full-width letters is text")
{
    const std::string wide =
        "\uff5b\uff02offer\uff02\uff1a\uff02\uff5b\uff3c\uff02sdp\uff3c\uff02\uff1a\uff3c\uff02v\uff1d0\uff3c\uff02\uff5d\uff02\uff5d";
    CHECK(first(undo_base64(base64(wide))) == wide);
}

TEST_CASE("what is no base64 of a request is left alone")
{
    CHECK(undo_base64("").empty());
    CHECK(undo_base64(request).empty());
    CHECK(undo_base64("MS4w").empty());
    CHECK(
        undo_base64(base64("a long text that speaks of nothing that matters here, again and again"))
            .empty());
    CHECK(undo_base64(base64("1.0\n"s + std::string("\x01\x02\x03\x04\x05\x06", 6) + request))
              .empty());
}

TEST_CASE(
    "RFC 2045 6.7: quoted-printable that no header speaks of is decoded, with hexadecimal digits of either case")
{
    CHECK(first(undo_quoted_printable("v=3D0=0D=0Aa=3db=\n c=\r\nd")) == "v=0\r\na=b cd");
    CHECK(first(undo_quoted_printable("=E2=80=9Cv=3D0=E2=80=9D")) == "\u201cv=0\u201d");
    CHECK(first(undo_quoted_printable("v=3D0= \t\nx=")) ==
          "v=0x"); // blanks behind the soft break, and none of the line
}

TEST_CASE("a text with a bare = has soft line breaks undone, and nothing else: a=cafe is no octet")
{
    CHECK(first(undo_quoted_printable("a=cafe=\n 1")) == "a=cafe 1");
    CHECK(undo_quoted_printable("a=cafe").empty());
    CHECK(undo_quoted_printable("").empty());
}

TEST_CASE(
    "HTML's text is tried with its line breaks, with soft ones undone, and with references that a gateway broke")
{
    CHECK(first(undo_html("<p>{&quot;offer&quot;:1}</p>")) == "{\"offer\":1}");
    CHECK(undo_html("<p>v\n=0</p>") == Texts{"v =0", "v\v=0"});
    CHECK(undo_html("<p>v\n=0" + std::string(1000, 'x') + "</p>").size() ==
          1); // a mail system's break is no blank
    CHECK(first(undo_html("<p>&qu\n ot;</p>")) == "\"");
    const Texts texts = undo_html("<p class=3Dx>v=3D0=\n</p>");
    REQUIRE(texts.size() == 3);
    CHECK(texts[2] == "v=0");
}

TEST_CASE("HTML source shown as text is read as HTML, unless a line of it was left out")
{
    CHECK(first(undo_html_source("<div>{&quot;a&quot;}</div>")) == "{\"a\"}");
    CHECK(first(undo_html_source("{\"a\"<br>}")) == "{\"a\"\n}");
    CHECK(undo_html_source("1 < 2 and 3 > 2").empty());
    CHECK(undo_html_source("<div>\x01\n</div>").empty());
}

TEST_CASE("QQ leaves character references in text/plain; what was escaped twice takes two turns")
{
    CHECK(first(undo_entities("{&quot;a&quot;:&#34;\\&#x5C;&#34;}")) == "{\"a\":\"\\\\\"}");
    CHECK(first(undo_entities("a&nbsp;b")) == "a\u00a0b");
    CHECK(first(undo_entities("&amp;quot;")) == "&quot;");
    CHECK(first(undo_entities("&qu\n ot;")) == "\"");
    CHECK(first(undo_entities("&QUOT;&LT")) == "\"<");
    CHECK(undo_entities("R&D &unknown;").empty());
}

TEST_CASE(
    "RFC 6068: a mailto: link's percent-encoding is decoded, once for each turn, also where it was wrapped")
{
    CHECK(first(undo_percent("1.0%0D%0A%7B%22offer%22%3a")) == "1.0\r\n{\"offer\":");
    CHECK(first(undo_percent("%2\n2%\r\n 22")) == "\"\"");
    CHECK(first(undo_percent("%257B")) == "%7B");
    CHECK(undo_percent("100% of %zz and %2").empty());
}

TEST_CASE("a form writes + for a blank, where everything is percent-encoded")
{
    CHECK(first(undo_plus_for_blank("%22v+0%2B1%22")) == "\"v 0+1\"");
    CHECK(undo_plus_for_blank("\"a+b\"").empty());
    CHECK(undo_plus_for_blank("%22a%20+b%22").empty());
}

TEST_CASE("RFC 8259 7: the request as a JSON string literal loses one level of escapes")
{
    CHECK(
        first(undo_json_literal(R"("1.0\n{\"offer\":\"{\\\"sdp\\\":\\\"v=0\\\\r\\\\n\\\"}\"}")")) ==
        "\"1.0\n{\"offer\":\"{\\\"sdp\\\":\\\"v=0\\\\r\\\\n\\\"}\"}\"");
    CHECK(first(undo_json_literal(R"({"offer":"{\\"sdp\\":\\"v=0\\\\r\\\\n\\"}"})")) ==
          R"({"offer":"{\"sdp\":\"v=0\\r\\n\"}"})"); // each doubled
    CHECK(undo_json_literal(R"({"offer":"{}","note":"a \"b\""})").empty());
}

TEST_CASE("UTF-8 that was read as windows-1252 becomes what it was")
{
    CHECK(first(undo_mojibake("{\u00e2\u20ac\u0153offer\u00e2\u20ac\u009d}")) ==
          "{\u201coffer\u201d}");
    CHECK(first(undo_mojibake("a\u00c2\u00a0b")) == "a\u00a0b");
    CHECK(undo_mojibake("caf\u00e9").empty());
    CHECK(undo_mojibake("").empty());
}
