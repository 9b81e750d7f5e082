#include "client/response.hh"

#include <csignal>
#include <doctest/doctest.h>

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
        mail, [&](const Header&) { return its_tag; }, Clock::now() + 10s);
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
            "From: a@b\n\n", [&](const Header&) { return words; }, Clock::now() + 10s);
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
        [](const Header&) -> std::optional<std::string> {
            raise(SIGSEGV);
            return tag;
        },
        Clock::now() + 10s);
    CHECK(std::get<Unread>(crashed) == Unread::unreadable);
}
