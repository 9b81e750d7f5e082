#include "reply_text.hh"

#include "link.hh"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::sys_seconds received{1795420800s}; // Mon, 23 Nov 2026 08:00:00 +0000
const std::string json = R"({"answer":"{\"type\":\"answer\",\"sdp\":\"v=0\\r\\na=b\\r\\n\"}"})";
const std::string page = "https://example.org/snowflake/";
const std::string offer =
    R"({"type":"offer","sdp":"v=0\r\na=ice-ufrag:CoVE\r\na=ice-pwd:aOrOZXraTfFKzyeBxIXYYK\r\n"})";

std::string text_of(const Reply& reply, LinkTarget link = LinkTarget::none)
{
    return write_reply_text(
        reply, PollRequest{.offer = offer, .nat = "", .fingerprint = "", .link = link}, page);
}

const std::string hint =
    "\nUse this answer at once: it is good for 20 seconds, until 08:00:20 UTC.\n";

} // namespace

TEST_CASE("an answer is the broker's JSON, a blank line, and until when it is good")
{
    for (const std::string& text :
         {json, std::string("{\n  \"answer\": \"=3D= .  \"  \n}"), std::string("{\"x\":\"é\"}"),
          std::string("{\"x\":\"д雪\U0001F600\"}"), std::string("{\n.\nFrom x\n}"),
          "{\"x\":\"" + std::string(90000, '=') + std::string(1000, ' ') + "\"}"}) {
        CAPTURE(text.substr(0, 100));
        for (const std::string end : {"", "\n", "\r\n"})
            CHECK(text_of(Answer{text + end, received}) == text + "\n" + hint);
    }
    CHECK(text_of(Answer{"{\r\n}\r\n", received}) == "{\n}\n" + hint);
    CHECK(text_of(Answer{"{}", received + 999ms}) ==
          "{}\n" + hint); // whole seconds, never too late
    CHECK(text_of(Answer{"{}", received + 15h + 59min + 40s}).ends_with(", until 00:00:00 UTC.\n"));
}

TEST_CASE("a link comes first, in a line of its own, and then a blank line and the JSON as it came")
{
    for (const auto& [target, base] :
         {std::pair{LinkTarget(41234), std::string("http://127.0.0.1:41234/answer")},
          {LinkTarget::page, page}}) {
        const std::string text = text_of(Answer{json + "\r\n", received}, target);
        const std::string start =
            "Open this link at once: it is good for 20 seconds, until 08:00:20 UTC.\n" + base + "#";
        REQUIRE(text.starts_with(start));
        const auto end = text.find('\n', start.size());
        CHECK(text.substr(end) == "\n\n" + json + "\n");
        const std::string fragment = text.substr(start.size(), end - start.size());
        CHECK(fragment.find('.') == 22);
        CHECK(read_link_data(fragment.substr(23)) == json + "\r\n");
    }
}

TEST_CASE("only an answer has a link, and only to a request")
{
    CHECK(text_of(problem::no_proxy, LinkTarget::page) == text_of(problem::no_proxy));
    CHECK(text_of(Help{"Hello\n"}, LinkTarget::page) == "Hello\n");
    CHECK(write_reply_text(Answer{"{}", received}, NoRequest(), page) == "{}\n" + hint);
}

TEST_CASE("a problem is a line of JSON, a blank line and advice")
{
    CHECK(text_of(problem::no_proxy) ==
          "{\"error\":\"no snowflake proxies currently available\"}\n\n" +
              std::string(problem::no_proxy.advice) + "\n");
}
