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
    PendingRequests pending("snowflake@example.org", 10, false);
    const auto now = Clock::now();
    const std::string first = *pending.open(now), second = *pending.open(now);
    CHECK(first != second);
    CHECK(pending.find(header_with({{"in-reply-to", "<" + second + "@example.net>"}}), {}, "x@y") ==
          second);
    CHECK(pending.find(header_with({{"References", "<a@b> <" + first + "@example.net>"}}), {},
                       "") == first);
    CHECK_FALSE(pending.find(header_with({{"Subject", first}}), {}, "x@y"));
    CHECK_FALSE(pending.find(
        header_with({{"In-Reply-To", "<00000000000000000000000000000000@example.net>"}}), {},
        "x@y"));
}

TEST_CASE("RFC 5233: a sub-address tells requests apart where Message-IDs were rewritten")
{
    PendingRequests pending("snowflake@example.org", 10, false);
    const std::string tag = *pending.open(Clock::now());
    CHECK(pending.find({}, {"me@example.net", "me+" + tag + "@example.net"}, "") == tag);
    CHECK_FALSE(pending.find({}, {"me+@example.net"}, ""));
}

TEST_CASE("a mail that names no request is about none, whoever seems to have sent it")
{
    PendingRequests pending("snowflake@example.org", 10, false);
    pending.open(Clock::now());
    Header header = header_with({{"Auto-Submitted", "auto-replied"}});
    header.from = {"snowflake@example.org"};
    CHECK_FALSE(pending.find(header, {"me@example.net"}, "snowflake@example.org"));
}

TEST_CASE(
    "where it is allowed, the service's automatic reply without a tag is about the only "
    "request that waits, and about none of two")
{
    PendingRequests pending("snowflake@example.org", 10, true);
    const auto now = Clock::now();
    const std::string tag = *pending.open(now);
    const Header automatic = header_with({{"Auto-Submitted", "auto-replied"}});
    CHECK(pending.find(automatic, {}, "Snowflake@Example.ORG") == tag);
    CHECK_FALSE(pending.find(automatic, {}, "other@example.org"));
    CHECK_FALSE(pending.find({}, {}, "snowflake@example.org"));
    const Header::Field automatic_field{"Auto-Submitted", "auto-replied"};
    CHECK_FALSE(
        pending.find(header_with({automatic_field,
                                  {"In-Reply-To", "<" + std::string(32, 'a') + "@example.net>"}}),
                     {},
                     "snowflake@example.org")); // of a client that ran before
    CHECK(pending.find(header_with({automatic_field, {"In-Reply-To", "<AB12@mail.example.com>"}}),
                       {}, "snowflake@example.org") == tag);
    const std::string second = *pending.open(now);
    CHECK_FALSE(pending.find(automatic, {}, "snowflake@example.org"));
    pending.settle(tag, PendingRequests::State::given_up);
    CHECK(pending.find(automatic, {}, "snowflake@example.org") == second);
    pending.settle(second, PendingRequests::State::answered);
    CHECK_FALSE(pending.find(automatic, {}, "snowflake@example.org"));
}

TEST_CASE("RFC 3834 5: an automatic reply is known in any case, with comments and parameters")
{
    PendingRequests pending("snowflake@example.org", 10, true);
    const std::string tag = *pending.open(Clock::now());
    const auto is_known = [&](const std::string& value) {
        return pending.find(header_with({{"Auto-Submitted", value}}), {},
                            "snowflake@example.org") == tag;
    };
    for (const char* value :
         {"Auto-Replied", "AUTO-REPLIED", "auto-replied (by a (nested) service)",
          "(service) auto-replied", "auto-replied; owner-email=\"a@b\"", " auto-replied\t"})
        CHECK(is_known(value));
    for (const char* value : {"", "no", "auto-generated", "(auto-replied)", "auto-replied-not",
                              "auto-notified", "no; auto-replied"})
        CHECK_FALSE(is_known(value));
}

TEST_CASE("the header as it came tells cheaply which mails can't be about a request")
{
    PendingRequests pending("snowflake@example.org", 10, false);
    const std::string tag = *pending.open(Clock::now());
    CHECK(pending.may_find("In-Reply-To: <" + tag + "@example.net>", {}));
    CHECK(pending.may_find("", {"me+" + tag + "@example.net"}));
    CHECK(pending.may_find("To: abc" + tag + "def", {}));
    CHECK_FALSE(pending.may_find("In-Reply-To: <" + std::string(32, 'a') + "@example.net>", {}));
    CHECK_FALSE(pending.may_find("In-Reply-To: <" + tag.substr(1) + "@example.net>", {}));
    CHECK_FALSE(pending.may_find("", {}));
    PendingRequests generous("snowflake@example.org", 10, true);
    CHECK_FALSE(generous.may_find("", {}));
    generous.open(Clock::now());
    CHECK(generous.may_find("", {}));
}

TEST_CASE("requests per minute are limited, and after an hour those are forgotten that do not wait")
{
    PendingRequests pending("snowflake@example.org", 2, false);
    const auto now = Clock::now();
    const std::string tag = *pending.open(now);
    CHECK(pending.open(now + 30s));
    CHECK_FALSE(pending.open(now + 59s));
    CHECK(pending.open(now + 61s));
    CHECK(pending.state(tag) == PendingRequests::State::waiting);
    CHECK(pending.age(tag, now + 61s) == 61s);
    const Header reply = header_with({{"In-Reply-To", "<" + tag + "@example.net>"}});
    CHECK(pending.open(now + 2h));
    CHECK(pending.find(reply, {}, "") == tag); // it waits still
    pending.settle(tag, PendingRequests::State::given_up);
    CHECK(pending.open(now + 3h));
    CHECK_FALSE(pending.find(reply, {}, ""));
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
