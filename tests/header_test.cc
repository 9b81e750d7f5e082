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
