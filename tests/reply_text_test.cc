#include "reply_text.hh"

#include "link.hh"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace {

// The built-in ones.
const Sentences english = read_sentences("nowhere", {});

constexpr std::chrono::sys_seconds received{1795420800s}; // Mon, 23 Nov 2026 08:00:00 +0000
const std::string json = R"({"answer":"{\"type\":\"answer\",\"sdp\":\"v=0\\r\\na=b\\r\\n\"}"})";
const std::string page = "https://example.org/snowflake/";
const std::string offer =
    R"({"type":"offer","sdp":"v=0\r\na=ice-ufrag:CoVE\r\na=ice-pwd:aOrOZXraTfFKzyeBxIXYYK\r\n"})";

std::string text_of(const Reply& reply, LinkTarget link = LinkTarget::none)
{
    return write_reply_text(reply,
                            PollRequest{.offer = offer, .nat = "", .fingerprint = "", .link = link},
                            page, english);
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
    CHECK(write_reply_text(Answer{"{}", received}, NoRequest(), page, english) == "{}\n" + hint);
}

TEST_CASE("a problem is a line of JSON, a blank line and advice")
{
    CHECK(text_of(problem::no_proxy) ==
          "{\"error\":\"no snowflake proxies currently available\"}\n\n"
          "No volunteer was free at the moment.\n"
          "Wait a minute, then make a new offer and send it.\n");
    CHECK(text_of(Problem{Reason::rejected, "too many requests; wait {minutes} minutes",
                          "too-many-requests", 7}) ==
          "{\"error\":\"too many requests; wait 7 minutes\"}\n\n"
          "Too many requests came from your address.\n"
          "Minutes to wait: 7. Then make a new offer and send it.\n");
}

TEST_CASE(
    "in each language the link, the JSON and the time stay as they are, in lines of their own")
{
    for (const std::string language : {"en", "fa", "ru", "zh", "ar"}) {
        CAPTURE(language);
        const Sentences sentences = read_sentences("contrib/help", {language});
        const PollRequest request = {offer, "", "", 0, LinkTarget(41234)};
        const Answer answer{json, received};
        const std::string link = *make_link(request, page, json);
        const std::string linked = write_reply_text(answer, request, page, sentences);
        CHECK(linked.ends_with("\n" + link + "\n\n" + json + "\n"));
        CHECK(linked.substr(0, linked.find(link)).find(" 08:00:20 UTC") != std::string::npos);
        const std::string bare = write_reply_text(answer, NoRequest(), page, sentences);
        CHECK(bare.starts_with(json + "\n\n"));
        CHECK(bare.find(" 08:00:20 UTC") != std::string::npos);
        CHECK((language == "en") == (bare == json + "\n" + hint));
        const std::string refused = write_reply_text(
            Problem{Reason::rejected, "x", "too-many-requests", 7}, request, page, sentences);
        CHECK(refused.starts_with("{\"error\":\"x\"}\n\n"));
        CHECK(refused.find(" 7") != std::string::npos);
    }
}

TEST_CASE("no language has a word whose form depends on the number of minutes")
{
    for (const std::string language : {"en", "fa", "ru", "zh", "ar"}) {
        CAPTURE(language);
        const Sentences sentences = read_sentences("contrib/help", {language});
        for (const int minutes : {1, 2, 5, 21}) {
            const std::string text =
                write_reply_text(Problem{Reason::rejected, "x", "too-many-requests", minutes},
                                 NoRequest(), page, sentences);
            const std::string number = " " + std::to_string(minutes);
            CHECK(text.find(number) != text.npos);
            for (const char* word : {" minute", " минут", " دقائق", " دقيقة"})
                CHECK(text.find(number + word) == text.npos);
        }
    }
}

TEST_CASE("an introduction has the line that Delta Chat waits for, and no word for a person")
{
    CHECK(text_of(Introduction()) == "Secure-Join: vc-auth-required\n");
}
