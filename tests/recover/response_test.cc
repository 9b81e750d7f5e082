#include "recover/recover.hh"

#include <doctest/doctest.h>

namespace {

const std::string line_end = R"(\\r\\n)";

// The JSON of an answer as a proxy makes it; longer than mail systems leave a line.
std::string answer(const std::string& session = "4711471147114711")
{
    std::string json = R"({"answer":"{\"type\":\"answer\",\"sdp\":\")";
    for (const std::string& line :
         {std::string("v=0"), "o=- " + session + " 1700000000 IN IP4 0.0.0.0", std::string("s=-"),
          std::string("t=0 0"), std::string("a=msid-semantic: WMS"),
          std::string("a=fingerprint:sha-256 12:34"), std::string("a=group:BUNDLE 0"),
          std::string("m=application 9 UDP/DTLS/SCTP webrtc-datachannel"),
          std::string("c=IN IP4 0.0.0.0"), std::string("a=setup:active"), std::string("a=mid:0"),
          std::string("a=sendrecv"), std::string("a=sctp-port:5000"),
          std::string("a=ice-ufrag:CoVEaiFXRGVzshXG"),
          std::string("a=ice-pwd:aOrOZXraTfFKzyeBxIXYYKjSgRVPGhUx"),
          std::string("a=candidate:1 1 udp 2130706431 192.0.2.7 51000 typ host"),
          std::string("a=candidate:1 2 udp 2130706431 192.0.2.7 51001 typ host"),
          std::string("a=candidate:2 1 udp 1694498815 198.51.100.9 51002 typ srflx raddr "
                      "0.0.0.0 rport 51002"),
          std::string("a=end-of-candidates")})
        json += line + line_end;
    return json + R"(\"}"})";
}

RecoveredResponse recover(const std::string& text, bool html = false)
{
    return recover_response({{text, html, Text::Place::written}});
}

// What Snowflake would get: JSON, or a word for what else there is.
std::string read(const std::string& text, bool html = false)
{
    const auto recovered = recover(text, html);
    if (const auto* response = std::get_if<PollResponse>(&recovered))
        return write_poll_response(*response);
    return std::holds_alternative<Defect>(recovered) ? "defect" : "none";
}

std::string changed(std::string text, const std::string& from, const std::string& to)
{
    REQUIRE(text.find(from) != text.npos);
    return text.replace(text.find(from), from.size(), to);
}

std::string in_columns(const std::string& text, std::size_t width, const std::string& joint)
{
    std::string result;
    for (std::size_t at = 0; at < text.size(); at += width)
        result += (at > 0 ? joint : "") + text.substr(at, width);
    return result;
}

std::string base64_of(const std::string& text)
{
    constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string result;
    for (std::size_t i = 0; i < text.size(); i += 3) {
        unsigned bits = 0;
        for (std::size_t k = 0; k < 3; ++k)
            bits = bits << 8 | (i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0);
        for (std::size_t k = 0; k < 4; ++k)
            result += i + k > text.size() ? '=' : letters[bits >> (18 - 6 * k) & 63];
    }
    return result;
}

} // namespace

TEST_CASE("an answer is read as it was sent, with text and other braces around it")
{
    for (const std::string& text :
         {answer(), "Hello {you}\n" + answer() + "\n-- \nSent by {\"mail\":1}", "> " + answer(),
          "{\"a\":1} " + answer() + " {\"error\":\"x\"}"})
        CHECK(read(text) == answer());
}

TEST_CASE("an answer that mail systems and programs have damaged is the same one")
{
    const std::string escaped = changed(answer(), "192.0.2.7", "192.0.2.7<http://192.0.2.7>");
    for (const std::string& text :
         {in_columns(answer(), 76, "\n"), in_columns(answer(), 11, "\r\n"),
          in_columns(answer(), 998, "\r\n "),               // Postfix
          in_columns(answer(), 990, "!\n "),                // sendmail
          "> " + in_columns(answer(), 70, "\n> "), escaped, // Outlook
          in_columns(base64_of(answer() + "\n"), 76, "\n"), // its header lost
          changed(answer(), " typ host", "\u00a0typ host"), // 163.com
          "\u201c" + answer() + "\u201d"}) {
        CAPTURE(text);
        CHECK(read(text) == answer());
    }
    CHECK(read("<div>" + answer() + "</div>", true) == answer());
    CHECK(read("<pre>" + in_columns(answer(), 76, "<br>\n") + "</pre>", true) == answer());
}

TEST_CASE("an answer that a program showed with marks at the lines that go on is the same one")
{
    for (std::size_t width = 60; width < 100; ++width)
        for (const std::string joint : {"\n+", "\\\n"}) {
            const std::string shown = in_columns(answer(), width, joint);
            CAPTURE(shown);
            CHECK(read("Use it at once.\n\n" + shown + "\n\n-N - 1/1: Automatic reply") ==
                  answer());
        }
}

TEST_CASE("an answer that may have been another one is none, and it is said that there was one")
{
    for (const std::string& text :
         {changed(answer(), "a=ice-pwd:a", "a=ice-pwd:a b"),
          changed(answer(), "typ host", "typ hst"),
          changed(answer(), "192.0.2.7 51000", "192.0.2.7  http://x 51000"),
          changed(answer(), "a=mid:0", ""), answer().substr(0, answer().size() - 2),
          answer().substr(0, 300), changed(answer(), R"("answer")", R"("answer":"","answer")"),
          changed(answer(), R"(\"}"})", R"(\"}","error":"x"})")}) {
        CAPTURE(text);
        CHECK(read(text).substr(0, 6) == "defect");
    }
}

TEST_CASE("a quoted answer doesn't stand in for one above it that can't be read")
{
    const std::string old = "\n> " + answer("815") + "\n";
    CHECK(read(answer() + old) == answer());
    CHECK(read(changed(answer(), "typ host", "typ hst") + old) == "defect");
    CHECK(read(answer().substr(0, 300) + old) == "defect");
}

TEST_CASE("an error is read with its words, wrapped or not; an answer below isn't its own")
{
    const std::string error = R"({"error":"no snowflake proxies currently available"})";
    CHECK(read(error + "\n\nNo volunteer was free.\n") == error);
    CHECK(read(changed(error, "proxies ", "proxies\r\n")) == error);
    CHECK(read("> " + error) == error);
    CHECK(read("<p>" + error + "</p>", true) == error);
    CHECK(read(R"({"error":"gr\u00fc\u00df"})") == R"({"error":"gr\u00fc\u00df"})");
    CHECK(read(error + "\n\n" + answer()) == error);
}

TEST_CASE("bounces, requests and what only looks like a response are none")
{
    for (const std::string& text :
         {std::string(), std::string("{"), std::string("{\""), std::string("Delivery failed"),
          std::string(R"({"answer":"v=0"})"), std::string(R"({"answer":42})"),
          std::string(R"({"error":""})"), std::string(R"({"error":42})"),
          std::string(R"({"error":"cut)"), std::string(100'000, '{'),
          std::string(R"({"offer":"{\"type\":\"offer\",\"sdp\":\"v=0\"}"})"),
          changed(changed(answer(), R"("answer")", R"("offer")"), R"(\"answer)", R"(\"offer)")}) {
        CAPTURE(text.substr(0, 100));
        CHECK(read(text) == "none");
    }
}
