#include "recover/encodings.hh"

#include "deflate.hh"

#include <algorithm>
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

// Raw deflate in base64url, without padding.
std::string deflated_base64(const std::string& text)
{
    std::string encoded = base64(deflated(text));
    std::replace(encoded.begin(), encoded.end(), '+', '-');
    std::replace(encoded.begin(), encoded.end(), '/', '_');
    return encoded.substr(0, encoded.find('='));
}

// The first text that a repair makes; "": none.
std::string first(const Strings& texts) { return texts.empty() ? "" : texts.front(); }

} // namespace

TEST_CASE("RFC 4648: base64 is decoded, also url-safe, without padding, and with text around it")
{
    const std::string encoded = base64(request);
    CHECK(first(repair_base64(encoded)) == request);
    CHECK(first(repair_base64("Hello, here it is: " + encoded + "\n\nBye.")).starts_with(request));
    CHECK(first(repair_base64("x" + encoded + "Sent from my Galaxy"))
              .starts_with(request)); // Samsung
    CHECK(first(repair_base64("data:text/plain;base64," + encoded)) == request);
    std::string url_safe = encoded;
    for (char& c : url_safe)
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    CHECK(first(repair_base64(url_safe.substr(0, url_safe.find('=')))) == request);
}

TEST_CASE(
    "base64 is decoded wrapped, quoted, with blanks, zero-width characters or sendmail's marks "
    "between its lines")
{
    const std::string encoded = base64(request);
    for (const std::string separator :
         {"\n", "\r\n", "\n> ", "\n>> ", " ", "\u200b", "\u00a0", "\ufeff\n", "!\n ", "\n\n"}) {
        CAPTURE(separator);
        CHECK(first(repair_base64(every(64, separator, encoded))) == request);
    }
}

TEST_CASE("RFC 9580 7.2: a dash at the start of a signed line is escaped, of no other line")
{
    const std::string begin = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n",
                      end = "-----BEGIN PGP SIGNATURE-----\n\n- x\n-----END PGP SIGNATURE-----\n";
    CHECK(first(repair_dash_escapes("- a\n" + begin + "no=\n- - 123 IN\n- -- \n-x\n" + end)) ==
          "- a\n" + begin + "no=\n- 123 IN\n-- \n-x\n" + end);
    CHECK(first(repair_dash_escapes(begin + "- - 123")) == begin + "- 123");
    CHECK(repair_dash_escapes(begin + "x\n" + end).empty());
    CHECK(repair_dash_escapes("no=\n- - 123\n" + end).empty());
}

TEST_CASE("base64 of UTF-16, which PowerShell makes, is decoded")
{
    std::string wide;
    for (const char c : request)
        wide += {c, '\0'};
    CHECK(first(repair_base64(base64(wide))) == request);
    CHECK(first(repair_base64(base64("\xff\xfe" + wide))) == request);
}

TEST_CASE("starts of base64 that are none don't use up what may be spent on the real one")
{
    std::string text;
    for (int i = 0; i < 2000; ++i)
        text += "eyJ, a word\n";
    CHECK(first(repair_base64(text + base64(request))) == request);
    std::string words;
    for (int i = 0; i < 2000; ++i)
        words += "word\n";
    CHECK(first(repair_base64(words + base64(request))) == request);
    CHECK(first(repair_base64(words + deflated_base64(request))) == request);
}

TEST_CASE("base64 of full-width letters is text")
{
    const std::string wide =
        "\uff5b\uff02offer\uff02\uff1a\uff02\uff5b\uff3c\uff02sdp\uff3c\uff02\uff1a\uff3c"
        "\uff02v\uff1d0\uff3c\uff02\uff5d\uff02\uff5d";
    CHECK(first(repair_base64(base64(wide))) == wide);
}

TEST_CASE("RFC 1951: base64 of a request's raw deflate is decoded, wrapped and with text around it")
{
    std::string long_request = request;
    for (int i = 0; i < 20; ++i)
        long_request += "\n" + std::to_string(i * 7919) + " 192.0.2." + std::to_string(i);
    const std::string encoded = deflated_base64(long_request);
    REQUIRE(encoded.find_first_of("+/=") == std::string::npos);
    CHECK(first(repair_base64(encoded)) == long_request);
    CHECK(first(repair_base64("Hello, here it is: " + encoded + "\n\nBye.")) == long_request);
    CHECK(first(repair_base64(encoded + "Sent from my Galaxy")) == long_request);
    CHECK(first(repair_base64("1.0" + encoded)) == long_request); // the line break was lost
    for (const std::size_t width : {64, 72, 76})
        for (const std::string separator :
             {"\n", "\r\n", "\n> ", " ", "\u200b", "\u00a0", "!\n ", "\n\n"}) {
            CAPTURE(separator);
            CHECK(first(repair_base64(every(width, separator, encoded))) == long_request);
        }
    for (const std::size_t width : {12, 20, 39}) // narrow columns
        for (const std::string separator : {"\n", "\r\n", " \n", "\n> ", "\n> > ", "\u200b"}) {
            const std::string narrow = every(width, separator, encoded);
            CAPTURE(separator);
            CHECK(first(repair_base64(narrow)) == long_request);
            CHECK(first(repair_base64("Here it is.\n\n" + narrow + "\n\nBye.")) == long_request);
        }
    const std::string cut = first(repair_base64(encoded.substr(0, encoded.size() / 2)));
    CHECK(cut.starts_with("1.0\n{\"offer\""));
    CHECK((cut.size() < long_request.size() && long_request.starts_with(cut)));
}

TEST_CASE("raw deflate is decoded where lines were broken behind its hyphens, also the first one")
{
    for (const std::size_t first_line : {1, 5, 28, 39}) {
        const std::string encoded = deflated_base64(request);
        const std::string broken =
            encoded.substr(0, first_line) + "\n" + every(72, "\n", encoded.substr(first_line));
        CHECK(first(repair_base64(broken)) == request);
        CHECK(first(repair_base64("1.0\n" + broken + "\n")) == request);
    }
}

TEST_CASE("the message version above the raw deflate of an object stays above it")
{
    const std::string object = request.substr(4), encoded = deflated_base64(object);
    CHECK(first(repair_base64("1.0\n" + encoded)) == "1.0\n" + object);
    CHECK(first(repair_base64("1.1\n" + encoded)) == "1.1\n" + object);
}

TEST_CASE("of the raw deflate of too much only the beginning is looked at, and of noise nothing")
{
    const std::string bomb = deflated_base64(request + std::string(50'000'000, ' '));
    const Strings found = repair_base64(bomb + "\n\n");
    REQUIRE(found.size() == 1);
    CHECK(found[0].starts_with(request));
    CHECK(found[0].size() <= 100'000);
    CHECK(repair_base64(deflated_base64(std::string(5000, 'x') + request.substr(0, 5))).empty());
    CHECK(repair_base64(deflated_base64("1.0\n" + std::string(5000, 'x'))).empty());
}

TEST_CASE("what is no base64 of a request is left alone")
{
    CHECK(repair_base64("").empty());
    CHECK(repair_base64(request).empty());
    CHECK(repair_base64("MS4w").empty());
    CHECK(repair_base64(
              base64("a long text that speaks of nothing that matters here, again and again"))
              .empty());
    CHECK(repair_base64(base64("1.0\n"s + std::string("\x01\x02\x03\x04\x05\x06", 6) + request))
              .empty());
}

TEST_CASE(
    "RFC 2045 6.7: quoted-printable that no header speaks of is decoded, with hexadecimal digits "
    "of either case")
{
    CHECK(first(repair_quoted_printable("v=3D0=0D=0Aa=3db=\n c=\r\nd")) == "v=0\r\na=b cd");
    CHECK(first(repair_quoted_printable("=E2=80=9Cv=3D0=E2=80=9D")) == "\u201cv=0\u201d");
    CHECK(first(repair_quoted_printable("v=3D0= \t\nx=")) ==
          "v=0x"); // blanks behind the soft break, and none of the line
}

TEST_CASE("RFC 2045 6.7: quoted-printable of full-width letters has no =3D")
{
    CHECK(first(repair_quoted_printable("v=EF=BC=9D0")) == "v\uff1d0");
    CHECK(first(repair_quoted_printable("a=C2=A0b")) == "a\u00a0b");
    CHECK(repair_quoted_printable("a=cafe").empty());
    CHECK(repair_quoted_printable("v=C2 a=80").empty());
    CHECK(repair_quoted_printable("x=AA=BB").empty());
}

TEST_CASE("a text with a bare = has soft line breaks undone, and nothing else: a=cafe is no octet")
{
    CHECK(first(repair_quoted_printable("a=cafe=\n 1")) == "a=cafe 1");
    CHECK(repair_quoted_printable("a=cafe").empty());
    CHECK(repair_quoted_printable("").empty());
}

TEST_CASE(
    "RFC 6068: a mailto: link's percent-encoding is decoded, once for each turn, also where it "
    "was wrapped")
{
    CHECK(first(repair_percent("1.0%0D%0A%7B%22offer%22%3a")) == "1.0\r\n{\"offer\":");
    CHECK(first(repair_percent("%2\n2%\r\n 22")) == "\"\"");
    CHECK(first(repair_percent("%257B")) == "%7B");
    CHECK(repair_percent("100% of %zz and %2").empty());
}

TEST_CASE("a form writes + for a blank, where everything is percent-encoded")
{
    CHECK(first(repair_plus_for_blank("%22v+0%2B1%22")) == "\"v 0+1\"");
    CHECK(repair_plus_for_blank("\"a+b\"").empty());
    CHECK(repair_plus_for_blank("%22a%20+b%22").empty());
}

TEST_CASE("RFC 8259 7: the request as a JSON string literal loses one level of escapes")
{
    CHECK(first(repair_json_literal(
              R"("1.0\n{\"offer\":\"{\\\"sdp\\\":\\\"v=0\\\\r\\\\n\\\"}\"}")")) ==
          "\"1.0\n{\"offer\":\"{\\\"sdp\\\":\\\"v=0\\\\r\\\\n\\\"}\"}\"");
    CHECK(first(repair_json_literal(R"({"offer":"{\\"sdp\\":\\"v=0\\\\r\\\\n\\"}"})")) ==
          R"({"offer":"{\"sdp\":\"v=0\\r\\n\"}"})"); // each doubled
    CHECK(repair_json_literal(R"({"offer":"{}","note":"a \"b\""})").empty());
}

TEST_CASE("UTF-8 that was read as windows-1252 becomes what it was")
{
    CHECK(first(repair_mojibake("{\u00e2\u20ac\u0153offer\u00e2\u20ac\u009d}")) ==
          "{\u201coffer\u201d}");
    CHECK(first(repair_mojibake("a\u00c2\u00a0b")) == "a\u00a0b");
    CHECK(repair_mojibake("caf\u00e9").empty());
    CHECK(repair_mojibake("").empty());
}

TEST_CASE("no mark comes in with an encoding")
{
    CHECK(first(repair_percent("a%01b%0Bc%0C%00")) == "ab\nc");
    CHECK(first(repair_quoted_printable("=3D=01b=0Bc=0C=00")) == "=b\nc");
    CHECK(first(repair_mojibake("caf\u00c3\u00a9 \u00c2\u00a0\x01\n")) == "caf\u00e9 \u00a0\x01\n");
}

TEST_CASE("base64 that may begin anywhere is bounded by the size of its text")
{
    std::string starts;
    while (starts.size() < 2000)
        starts += "eyJv";
    CHECK(repair_base64(starts + '|' + base64(request)).empty());
    CHECK_FALSE(repair_base64(starts + std::string(200'000, '|') + base64(request)).empty());
}
