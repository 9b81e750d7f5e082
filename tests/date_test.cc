#include "date.hh"
#include "helpers.hh"

#include <doctest/doctest.h>

namespace {

// Seconds since 1970; 0: it can't be read.
long seconds(const std::string& text)
{
    const auto date = parse_date(text);
    return date ? date->time_since_epoch().count() : 0;
}

} // namespace

TEST_CASE("RFC 5322 3.3, 4.3: a date is read, also where a program got its form a little wrong")
{
    for (const auto& date : parts("Mon, 23 Nov 2026 08:00:00 +0000|23 Nov 2026 08:00 +0000|"
                                  " Mon,\t23 Nov 2026 09:00:00 +0100 (CET) |"
                                  "Mon, 23 Nov 2026 09:00:00 +0100 CET|"
                                  "(a (b)) Mon , 23 (c) Nov 2026 08:00:00 -0000|"
                                  "Monday, 23 November 2026 8:00:00 UTC|mon 23 nov 26 08:00:00 gmt|"
                                  "Mon, 23-Nov-2026 08:00:00 Z|Mon Nov 23 08:00:00 UT 2026|"
                                  "Mon Nov 23 08:00:00 +0000 2026|Mon, 23 Nov 126 08:00:00 +0000|"
                                  "Mon, 23 Nov 2026 03:00:00 EST|Mon, 23 Nov 2026 04:00:00 EDT|"
                                  "Mon, 23 Nov 2026 02:00:00 CST|Mon, 23 Nov 2026 03:00:00 CDT|"
                                  "Mon, 23 Nov 2026 01:00:00 MST|Mon, 23 Nov 2026 02:00:00 MDT|"
                                  "Mon, 23 Nov 2026 00:00:00 PST|Mon, 23 Nov 2026 01:00:00 PDT|"
                                  "Mon, 23 Nov 2026 13:30:00 +0530|Sun, 22 Nov 2026 20:30 -1130|"
                                  "Mon, 23 Nov 2026 07:59:60 +0000")) {
        CAPTURE(date);
        CHECK(seconds(date) == 1795420800);
    }
    CHECK(seconds("Thu, 01 Jan 70 00:00:01 +0000") == 1);
    CHECK(seconds("Thu, 29 Feb 2024 00:00:00 +0000") == 1709164800);
}

TEST_CASE("RFC 5322 3.3: a date whose zone nobody can read can't be read")
{
    for (const auto& zone :
         parts("|GMT-0500|GMT-05:00|GMT+0100|GMT -0500|-05:00|-05|-500|-00500|--0500|+-0500|UTC-5|"
               "UTC+1|UTC-0500|BRT|CET|MSK|EST5EDT|America/New_York|0500|\u22120500|-0560|+1500|"
               "-9900|A|J|(EST)|-0500x|- 0500|2026|AM +0000|+0000 m=+555016.724468750|"
               "+0000 UTC m=+5|+0000 +0100|+0000 2026")) {
        CAPTURE(zone);
        CHECK(seconds("Mon, 23 Nov 2026 08:00:00 " + zone) == 0);
    }
    // Go's time.String()
    CHECK(seconds("2026-11-23 08:00:00.610180118 +0000 UTC m=+555016.724468750") == 0);
}

TEST_CASE("what is no date can't be read")
{
    for (const auto& none :
         parts("|yesterday|0|;|:|:: +0000|Mon, 99 Nov 2026 08:00:00 +0000|"
               "Mon, 31 Nov 2026 08:00:00 +0000|Sun, 29 Feb 2026 08:00:00 +0000|"
               "Mon, 23 Nov 2026 24:00:00 +0000|Mon, 23 Nov 2026 08:60:00 +0000|"
               "Mon, 23 Nov 2026 08:00:61 +0000|Mon, 23 Nov 2026 08:00:00.5 +0000|"
               "Mon, 23 Nov 2026 08:0:00 +0000|Mon, 23 Nov 2026 8 +0000|"
               "Mon, 23 Anj 2026 08:00:00 +0000|Mon, 23 No 2026 08:00:00 +0000|"
               "Mon, 23 11 2026 08:00:00 +0000|Mon, Nov 2026 08:00:00 +0000|"
               "Mon, 23 Nov 08:00:00 +0000|Mon, 23 Nov 2 08:00:00 +0000|"
               "Mon, 23 Nov 12026 08:00:00 +0000|x Mon, 23 Nov 2026 08:00:00 +0000|"
               "2026-11-23T08:00:00Z|2026-11-23 08:00:00 +0000|08:00:00 +0000|+0000|"
               "Mon, 23 Nov 2026 08:00:00:00 +0000")) {
        CAPTURE(none);
        CHECK(seconds(none) == 0);
    }
}
