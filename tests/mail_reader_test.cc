#include "mail_reader.hh"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

TEST_CASE("a mail of any size is over its limit before the time is over")
{
    CHECK(reader_limits(1000, 37s).cpu == 2s);
    for (const std::size_t octets : {1'000UL, 10'000'000UL, 104'857'600UL})
        for (const auto time : {2s, 37s, 892s}) {
            CHECK(reader_limits(octets, time).cpu * 2 <= time);
            CHECK(reader_limits(octets, time).cpu > 0s);
        }
}

TEST_CASE("a mail that is read apart is the mail that is read here")
{
    const std::string bytes = "From: user@example.net\nSubject: hello\n\nhello\n";
    const auto apart = read_mail_apart(bytes, Clock::now() + 20s);
    REQUIRE(std::holds_alternative<Mail>(apart));
    CHECK(std::get<Mail>(apart).header.fields.size() == read_mail(bytes).header.fields.size());
    CHECK(std::get<Mail>(apart).header.from == read_mail(bytes).header.from);
}

TEST_CASE("a mail looks like a request by an offer in it, broken or not, or by base64 of one")
{
    const std::string header = "From: user@example.net\n\n";
    CHECK(looks_like_request(header + R"(1.0
{"offer":"{\"sdp\":\"v=0\\r\\na=ice-ufrag:a\\r\\na=ice-pwd:b\\r\\n\"}"})"));
    CHECK(looks_like_request(header + "a=3Dice-uf=\nrag:a\\r\\na=3Dice-pwd:b"));
    CHECK(looks_like_request(header + "MS4wCnsib2ZmZXIiOiJ7XCJzZHBcIjpcInY9M"));
    CHECK(!looks_like_request(header + "<p>An offer for 1.0 or more!</p>"));
}

TEST_CASE("a mail doesn't look like a request if it is automatic, or quotes an answer")
{
    const std::string offer = "\n1.0\n{\"offer\":\"a=ice-ufrag:a\\\\r\\\\na=ice-pwd:b\"}\n";
    REQUIRE(looks_like_request("From: user@example.net\n" + offer));
    CHECK(!looks_like_request("Auto-Submitted: auto-replied\n" + offer));
    CHECK(!looks_like_request("Content-Type: multipart/report; boundary=b\n" + offer));
    CHECK(!looks_like_request("From: user@example.net\n\n> {\"answer\":\"a=ice-ufrag:a\"}\n"));
}
