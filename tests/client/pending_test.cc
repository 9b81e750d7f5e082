#include "client/pending.hh"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace {

Header header_with(std::vector<Header::Field> fields)
{
    Header header;
    header.fields = std::move(fields);
    return header;
}

} // namespace

TEST_CASE("RFC 5322 3.6.4: a mail is about the request whose tag is in In-Reply-To or References")
{
    PendingRequests pending(10);
    const auto now = Clock::now();
    const std::string first = *pending.open(now), second = *pending.open(now);
    CHECK(first != second);
    CHECK(pending.find(header_with({{"in-reply-to", "<" + second + "@example.net>"}}), {}) ==
          second);
    CHECK(pending.find(header_with({{"References", "<a@b> <" + first + "@example.net>"}}), {}) ==
          first);
    CHECK_FALSE(pending.find(header_with({{"Subject", first}}), {}));
    CHECK_FALSE(pending.find(
        header_with({{"In-Reply-To", "<00000000000000000000000000000000@example.net>"}}), {}));
}

TEST_CASE("RFC 5233: a sub-address tells requests apart where Message-IDs were rewritten")
{
    PendingRequests pending(10);
    const std::string tag = *pending.open(Clock::now());
    CHECK(pending.find({}, {"me@example.net", "me+" + tag + "@example.net"}) == tag);
    CHECK_FALSE(pending.find({}, {"me+@example.net"}));
}

TEST_CASE("a mail that names no request is about none, whoever seems to have sent it")
{
    PendingRequests pending(10);
    pending.open(Clock::now());
    Header header = header_with({{"Auto-Submitted", "auto-replied"}});
    header.from = {"snowflake@example.org"};
    CHECK_FALSE(pending.find(header, {"me@example.net"}));
}

TEST_CASE("a request that waits is found by the tag of its link, in any text")
{
    const std::string link_tag = "KmVoqAFzTbQEgz6ph1p8-A", other(22, 'x');
    PendingRequests pending(10);
    const auto now = Clock::now();
    pending.open(now);
    CHECK_FALSE(pending.awaits_link());
    CHECK_FALSE(pending.find_linked("#." + other));
    CHECK_FALSE(pending.find_by_link_tag(""));
    const std::string tag = *pending.open(now, link_tag);
    pending.open(now, other);
    CHECK(pending.awaits_link());
    CHECK(pending.find_linked("http://127.0.0.1:1024/answer#" + link_tag + ".abc") == tag);
    CHECK(pending.find_linked("url%3D%2523" + link_tag + ".abc") == tag);
    CHECK_FALSE(pending.find_linked("#" + link_tag.substr(1)));
    CHECK(pending.find_by_link_tag(link_tag) == tag);
    CHECK_FALSE(pending.find_by_link_tag(link_tag.substr(1)));
}

TEST_CASE("a request that doesn't wait any more is found by its link alone: a tag is good once")
{
    const std::string link_tag(22, 'x');
    PendingRequests pending(10);
    const auto now = Clock::now();
    const std::string first = *pending.open(now, link_tag);
    pending.settle(first, PendingRequests::State::answered);
    CHECK_FALSE(pending.awaits_link());
    CHECK_FALSE(pending.find_linked(link_tag));
    CHECK(pending.find_by_link_tag(link_tag) == first);
    for (int i = 0; i < 5; ++i) { // tags are random, and so is their order
        const std::string again = *pending.open(now, link_tag); // the same offer once more
        CHECK(pending.find_by_link_tag(link_tag) == again);
        pending.settle(again, PendingRequests::State::given_up);
    }
}

TEST_CASE("the header as it came tells cheaply which mails can't be about a request")
{
    PendingRequests pending(10);
    const std::string tag = *pending.open(Clock::now());
    CHECK(pending.may_find("In-Reply-To: <" + tag + "@example.net>", {}));
    CHECK(pending.may_find("", {"me+" + tag + "@example.net"}));
    CHECK(pending.may_find("To: abc" + tag + "def", {}));
    CHECK_FALSE(pending.may_find("In-Reply-To: <" + std::string(32, 'a') + "@example.net>", {}));
    CHECK_FALSE(pending.may_find("In-Reply-To: <" + tag.substr(1) + "@example.net>", {}));
    CHECK_FALSE(pending.may_find("", {}));
}

TEST_CASE("requests per minute are limited, and after an hour those are forgotten that do not wait")
{
    PendingRequests pending(2);
    const auto now = Clock::now();
    const std::string tag = *pending.open(now);
    CHECK(pending.open(now + 30s));
    CHECK_FALSE(pending.open(now + 59s));
    CHECK(pending.open(now + 61s));
    CHECK(pending.state(tag) == PendingRequests::State::waiting);
    CHECK(pending.age(tag, now + 61s) == 61s);
    const Header reply = header_with({{"In-Reply-To", "<" + tag + "@example.net>"}});
    CHECK(pending.open(now + 2h));
    CHECK(pending.find(reply, {}) == tag); // it waits still
    pending.settle(tag, PendingRequests::State::given_up);
    CHECK(pending.open(now + 3h));
    CHECK_FALSE(pending.find(reply, {}));
    CHECK(pending.state(tag) == PendingRequests::State::given_up);
}

TEST_CASE("an answer is late by our own clock, or by the Expires of its mail")
{
    const auto now = std::chrono::system_clock::now();
    CHECK_FALSE(is_late(65s, std::nullopt, now));
    CHECK(is_late(66s, std::nullopt, now));
    CHECK(is_late(66s, now + 1h, now));
    CHECK(is_late(1s, now - 1s, now));
    CHECK_FALSE(is_late(1s, now + 1s, now));
}
