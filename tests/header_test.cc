#include "header.hh"

#include <doctest/doctest.h>

namespace {

// Seconds since 1970; 0: not known.
long sent(const std::vector<Header::Field>& fields)
{
    Header header;
    header.fields = fields;
    const auto time = time_sent(header);
    return time ? time->time_since_epoch().count() : 0;
}

} // namespace

TEST_CASE("RFC 5322 1.2.2: a field is found in any case, the first of several")
{
    Header header;
    header.fields = {{"subject", "1"}, {"SUBJECT", "2"}};
    REQUIRE(header.find("Subject"));
    CHECK(*header.find("Subject") == "1");
    CHECK_FALSE(header.find("Subjects"));
}

TEST_CASE("RFC 5321 4.4: below the first Received anybody may have written a field")
{
    Header header;
    header.fields = {{"return-path", "<a@b>"}, {"RECEIVED", "from a"}, {"X-Original-To", "b@c"}};
    REQUIRE(header.find_in_trace("Return-Path"));
    CHECK(*header.find_in_trace("Return-Path") == "<a@b>");
    CHECK_FALSE(header.find_in_trace("X-Original-To"));
    CHECK(header.find("x-original-to"));
    CHECK_FALSE(header.find_in_trace("Received"));
}

TEST_CASE(
    "RFC 5321 4.4: a mail is as old as its oldest Received that has a date; Date counts only "
    "without one")
{
    const Header::Field upper = {"Received", "from b by c; Mon, 23 Nov 2026 09:00:05 +0100 (CET)"},
                        lower = {"received",
                                 "from a by b with SMTP; Mon, 23 Nov 2026 08:00:00 +0000"},
                        broken = {"Received", "from x; yesterday"},
                        dateless = {"Received", "from y"},
                        date = {"Date", "Sun, 22 Nov 2026 08:00:00 +0000"};
    CHECK(sent({upper, lower, date}) == 1795420800);
    CHECK(sent({date, upper, lower, broken, dateless}) == 1795420800);
    CHECK(sent({upper, date}) == 1795420805);
    CHECK(sent({dateless, broken, date}) == 1795334400);
    for (const std::string none : {"", "yesterday", "0", "Mon, 99 Nov 2026 08:00:00 +0000", ";"}) {
        CAPTURE(none);
        CHECK(sent({{"Date", none}}) == 0);
        CHECK(sent({{"Received", "from a; " + none}}) == 0);
    }
}

TEST_CASE("a date whose zone nobody can read doesn't count")
{
    const Header::Field good = {"Received", "from a by b; Mon, 23 Nov 2026 08:00:00 +0000"},
                        bad = {"Received", "from x by a; Mon, 23 Nov 2026 02:00:00 GMT-05:00"},
                        date = {"Date", "Sun, 22 Nov 2026 08:00:00 +0000"},
                        bad_date = {"Date", "Mon, 23 Nov 2026 02:00:00 BRT"};
    CHECK(sent({good, bad, bad_date}) == 1795420800);
    CHECK(sent({bad, date}) == 1795334400);
    CHECK(sent({bad, bad_date}) == 0);
    CHECK(sent({{"Received", "from a by b; Mon, 23 Nov 2026 08:00:00 +0000 (x; y)"}}) ==
          1795420800);
}

TEST_CASE(
    "the clock of a machine that got the mail from its own user counts for nothing but Date's")
{
    const Header::Field server = {"Received", "from a by b; Mon, 23 Nov 2026 08:00:00 +0000"},
                        date = {"Date", "Sun, 22 Nov 2026 08:00:00 +0000"};
    for (const std::string own :
         {"by laptop (Postfix, from userid 1000) id 1",
          "(from jane@localhost) by laptop (8.17/Submit)", "(qmail 1 invoked by uid 1000)",
          "(nullmailer pid 1 invoked by uid 1000)", "by laptop (sSMTP sendmail emulation)",
          "from jane by laptop with local (Exim 4.96) id 1",
          "from jane (uid 1000) (envelope-from jane@laptop) id 1; by laptop (DragonFly Mail Agent)",
          "from jane (uid 1000) by laptop with local", "from LOCALHOST (laptop [local]) by laptop",
          "from [127.0.0.1] by laptop", "BY laptop"}) {
        CAPTURE(own);
        const Header::Field field = {"Received", own + "; Thu, 1 Jan 1970 00:03:11 +0000"};
        CHECK(sent({server, field, date}) == 1795420800);
        CHECK(sent({field, server, date}) == 1795420800);
        CHECK(sent({field, date}) == 191);
        CHECK(sent({field}) == 191);
    }
    for (const std::string other :
         {"from a (localhost [127.0.0.1]) by b with ESMTP", "FROM localhost.example by b",
          "from a by b with LMTP (user local)", "from a by b (from userid 1)"}) {
        CAPTURE(other);
        const Header::Field field = {"Received", other + "; Thu, 1 Jan 1970 00:03:11 +0000"};
        CHECK(sent({server, field, date}) == 191);
    }
}

TEST_CASE("RFC 5321 4.4: a clause of Received begins with its name and is a word")
{
    const std::string received = "from a (by c) BY b.example; Mon, 23 Nov 2026 08:00:00 +0000";
    CHECK(received_clause(received, "from") == "a");
    CHECK(received_clause(received, "by") == "b.example");
    CHECK(received_clause(received, "with") == "");
    CHECK(received_clause("from a by", "by") == "");
    CHECK(received_clause("", "by") == "");
}
