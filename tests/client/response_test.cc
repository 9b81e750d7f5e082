#include "client/response.hh"

#include "handle.hh"
#include "link.hh"

#include <csignal>
#include <doctest/doctest.h>
#include <glib.h>

using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

const std::string tag(32, 'a');
const std::string answer =
    R"({"answer":"{\"type\":\"answer\",\"sdp\":\"v=0\\r\\ns=-\\r\\na=mid:0\\r\\n\"}"})";

std::variant<MailedResponse, Unread> read(const std::string& mail,
                                          const std::optional<std::string>& its_tag = tag)
{
    return read_response_apart(
        mail, [&](const Message&) { return its_tag; }, Clock::now() + 10s);
}

RecoveredResponse response_in(const std::string& body)
{
    const auto mailed = read("From: a@b\n\n" + body);
    REQUIRE(std::holds_alternative<MailedResponse>(mailed));
    CHECK(std::get<MailedResponse>(mailed).tag == tag);
    return std::get<MailedResponse>(mailed).response;
}

} // namespace

TEST_CASE("the header of a mail ends at its first empty line, however lines end")
{
    CHECK(head_of("A: b\nC: d\n\nx\n\ny") == "A: b\nC: d");
    CHECK(head_of("A: b\r\n\r\nx") == "A: b\r");
    CHECK(head_of("A: b") == "A: b");
    CHECK(head_of("") == "");
    CHECK(head_of(std::string(48 << 20, 'x')).size() == 1 << 18);
}

TEST_CASE("a poll response crosses from the child: an answer, an error, one that is damaged, none")
{
    const auto found = response_in("Hello\n" + answer + "\n");
    REQUIRE(std::holds_alternative<PollResponse>(found));
    CHECK(write_poll_response(std::get<PollResponse>(found)) == answer);

    const auto error = response_in("{\"error\":\"gr\u00fc\\n\\u00df\"}\n\nWords.\n");
    REQUIRE(std::holds_alternative<PollResponse>(error));
    CHECK(std::get<PollResponse>(error).error == "gr\u00fc\n\u00df");
    CHECK_FALSE(std::get<PollResponse>(error).is_answer);

    CHECK(std::holds_alternative<Defect>(response_in(
        R"({"answer":"{\"type\":\"answer\",\"sdp\":\"v=0\\r\\no=- 1 2 IN IP\\r\\n\"}"})")));
    CHECK(std::holds_alternative<NoResponse>(response_in("Delivery has failed.\n")));
}

TEST_CASE("RFC 4021 2.1.50: the Expires field crosses from the child")
{
    const auto mailed = read("Expires: Mon, 03 Feb 2020 10:00:00 +0000\n\n" + answer);
    REQUIRE(std::holds_alternative<MailedResponse>(mailed));
    CHECK(std::get<MailedResponse>(mailed).expires ==
          std::chrono::sys_days(std::chrono::year(2020) / 2 / 3) + 10h);
}

TEST_CASE("of a mail that is about no request of ours nothing is read but its header")
{
    CHECK(std::get<Unread>(read("From: a@b\n\n" + answer, std::nullopt)) == Unread::of_no_request);
}

TEST_CASE("a child that crashes, or says what it should not, makes a mail unreadable")
{
    const auto say = [](const std::string& words) {
        return read_response_apart(
            "From: a@b\n\n", [&](const Message&) { return words; }, Clock::now() + 10s);
    };
    for (const std::string& words : {"\n\nother\n"s, "\n\nanswer\nno object"s, "\n\nanswer\n{\xff"s,
                                     "\n\nerror\n"s + std::string(200'000, 'x'), "\n\nnone\nx"s}) {
        CAPTURE(words.substr(0, 30));
        // The words come in the place of the tag, and what follows it becomes their end.
        const auto mailed = say(words);
        const bool is_good = std::holds_alternative<MailedResponse>(mailed);
        CHECK_FALSE(is_good);
    }
    const auto crashed = read_response_apart(
        "From: a@b\n\n",
        [](const Message&) -> std::optional<std::string> {
            raise(SIGSEGV);
            return tag;
        },
        Clock::now() + 10s);
    CHECK(std::get<Unread>(crashed) == Unread::unreadable);
}

namespace {

const std::string offer_tag = "KmVoqAFzTbQEgz6ph1p8-A";

// What a person pasted, while a request waits.
std::variant<MailedResponse, Unread> pasted(const std::string& text,
                                            const std::string& newest = tag)
{
    const auto by_link_tag = [](std::string_view its_tag) {
        return its_tag == offer_tag ? std::optional(std::string(32, 'b')) : std::nullopt;
    };
    return read_pasted_apart(text, {by_link_tag, newest}, Clock::now() + 10s);
}

// The tag of the request whose answer it is; else what it is instead.
std::string answers(const std::string& text, const std::string& newest = tag)
{
    const auto read = pasted(text, newest);
    if (const auto* unread = std::get_if<Unread>(&read))
        return *unread == Unread::of_no_request ? "of no request" : "unreadable";
    const auto& mailed = std::get<MailedResponse>(read);
    if (const auto* response = std::get_if<PollResponse>(&mailed.response)) {
        CHECK(write_poll_response(*response) == answer);
        return mailed.tag;
    }
    return mailed.tag + (std::holds_alternative<Defect>(mailed.response) ? " damaged" : " nothing");
}

} // namespace

TEST_CASE("a link that is pasted answers the request that has its tag, however it was copied")
{
    const std::string data = link_data(answer), linked = std::string(32, 'b');
    const std::string rest = offer_tag + "." + data;
    for (const std::string& text :
         {"#" + rest, "http://127.0.0.1:7080/answer#" + rest,
          "Open this link at once:\r\n\r\n<http://127.0.0.1:7080/answer#" + rest + ">\r\n",
          "https://safe.example/?url=http%3A%2F%2F127.0.0.1%3A7080%2Fanswer%23" + rest + "&x=y",
          "https://safe.example/?url=http%253A%252F%252Fx%252Fanswer%2523" + rest,
          "#" + std::string(22, 'A') + "." + data + "\n#" + rest,
          "#" + offer_tag + "." + data.substr(0, 20) + "\n" + data.substr(20, 30) + "\n" +
              data.substr(50) + "\n\nx",
          "> #" + offer_tag + "." + data.substr(0, 20) + "\r\n> " + data.substr(20) + "\r\n> \r\n",
          "#" + offer_tag + "." + data.substr(0, 20) + "\n+" + data.substr(20) + "\n+x",   // mutt
          "#" + offer_tag + "." + data.substr(0, 20) + "\\\n" + data.substr(20) + "\\\nx", // Emacs
          "#" + offer_tag + "." + data.substr(0, 20) + "\n\n" + answer}) {
        CAPTURE(text);
        CHECK(answers(text) == linked);
        CHECK(answers(text, "") == linked);
    }
}

TEST_CASE("a pasted text without a link answers the newest request")
{
    for (const std::string& text :
         {answer, "Hello\n" + answer + "\nBye", "From: a@b\r\nTo: c@d\r\n\r\n" + answer + "\r\n"}) {
        CHECK(answers(text) == tag);
        CHECK(answers(text, "") == "of no request");
    }
    CHECK(answers("Delivery has failed.") == tag + " nothing");
    CHECK(answers("") == tag + " nothing");
    CHECK(answers("\xff\0"s) == tag + " nothing");
}

TEST_CASE("a link of another request answers none, whatever stands beside it")
{
    const std::string other = "#" + std::string(22, 'A') + "." + link_data(answer);
    CHECK(answers(other) == " nothing");
    CHECK(answers(other + "\n\n" + answer) == " nothing");
}

TEST_CASE("a damaged link is no answer")
{
    const std::string data = link_data(answer);
    for (const std::string& wrong :
         {data.substr(0, 40), ""s, "AAAA"s, link_data("{\"answer\":\"{}\"}"),
          link_data(std::string(100'001, ' '))})
        CHECK(answers("#" + offer_tag + "." + wrong) == std::string(32, 'b') + " damaged");
}

TEST_CASE("what is encrypted in a mail crosses from the child, and whether it seems to be a reply")
{
    const std::string message = "\x84\x4d\3" + std::string(76, 'k') + "\xd2\x05\1\0\n\xff\x80"s;
    const auto sealed = [](const std::string& mail) {
        const auto found = read_sealed_apart(
            mail, [](const Message& read) { return read.header.find("X-Reply") != nullptr; },
            Clock::now() + 10s);
        REQUIRE(std::holds_alternative<SealedResponse>(found));
        return std::get<SealedResponse>(found);
    };
    const GString8 base64(
        g_base64_encode(reinterpret_cast<const guchar*>(message.data()), message.size()));
    const std::string armor =
        "-----BEGIN PGP MESSAGE-----\n\n"s + base64.get() + "\n-----END PGP MESSAGE-----\n";
    const SealedResponse reply = sealed("X-Reply: yes\n\n" + armor);
    CHECK(reply.seems_a_reply);
    CHECK(reply.message == message);
    CHECK_FALSE(sealed("From: a@b\n\n" + armor).seems_a_reply);
    CHECK(sealed("X-Reply: yes\n\nHello\n").message == "");
    CHECK(sealed("").message == "");
}
