#include "report.hh"

#include <algorithm>
#include <doctest/doctest.h>
#include <sstream>

using namespace std::chrono_literals;

namespace {

const std::string line =
    "outcome=answered reason=answer attempts=1 unknown_fields=0 read_ms=0 broker_ms=5 "
    "sendmail_ms=12 total_ms=20";
const std::string tag = "snowflake-mail[123]: ";
const std::string nothing = "No mail: there is no line of snowflake-mail.\n";

std::string report_of(const std::vector<std::string>& lines)
{
    Report report;
    for (const std::string& text : lines)
        report.add(text);
    return report.text();
}

bool has_row(const std::string& text, const std::string& row)
{
    std::istringstream stream(text);
    for (std::string found; std::getline(stream, found);) {
        std::istringstream words(found);
        std::string joined;
        for (std::string word; words >> word;)
            joined += (joined.empty() ? "" : " ") + word;
        if (joined == row)
            return true;
    }
    return false;
}

std::string time_of(const std::string& text)
{
    std::string_view rest = text;
    const auto time = take_log_time(rest);
    if (!time)
        return "none";
    std::ostringstream words;
    words << time->year << ' ' << time->month << ' ' << time->day << ' ' << time->hour << '|'
          << rest;
    return words.str();
}

} // namespace

TEST_CASE("the time is read in each form in which journalctl and syslog daemons write it")
{
    for (const char* const text :
         {"2026-11-06T14:31:36Z ", "2026-11-06T14:31:36+0100 ", "2026-11-06T14:31:36-01:00 ",
          "2026-11-06T14:31:36.123456+01:00 ", "2026-11-06T14:31:36,123456+0100 ",
          "2026-11-06 14:31:36 ", "Fri 2026-11-06 14:31:36 CET ",
          "Fri 2026-11-06 14:31:36.123456 +03 ", "1793975496.123456 ", "1793975496 "}) {
        CAPTURE(text);
        CHECK(time_of(std::string(text) + "rest") == "2026 11 6 14|rest");
    }
    for (const char* const text :
         {"Nov  6 14:31:36 ", "Nov 06 14:31:36 ", "Nov 06 14:31:36.123456 "}) {
        CAPTURE(text);
        CHECK(time_of(std::string(text) + "rest") == "0 11 6 14|rest");
    }
}

TEST_CASE("what is no time is none")
{
    for (const char* const text : {"",
                                   "x ",
                                   "[12345.678901] ",
                                   "2026-13-06T14:31:36Z ",
                                   "2026-11-32T14:31:36Z ",
                                   "2026-11-06T24:31:36Z ",
                                   "2026-11-06T14:60:36Z ",
                                   "2026-11-06T14:31:61Z ",
                                   "2026-11-06T14:31:36Z",
                                   "2026-11-06T14:31:36. ",
                                   "2026-11-06T14:31:36+1 ",
                                   "26-11-06T14:31:36Z ",
                                   "Nov 6 14:31:36 ",
                                   "Nov 00 14:31:36 ",
                                   "Nov 14:31:36 ",
                                   "nov 06 14:31:36 ",
                                   "Mai 06 14:31:36 ",
                                   "onT 2026-11-06 14:31:36 UTC ",
                                   "xyz 2026-11-06 14:31:36 UTC ",
                                   "Fr",
                                   "Fri 2026-11-06 14:31:36 UTC",
                                   "12345678 ",
                                   "123456789012 ",
                                   "99999999999999999999 "}) {
        CAPTURE(text);
        CHECK(time_of(text) == "none");
    }
}

TEST_CASE("a line of ours counts, with a host's name or without")
{
    for (const std::string& text :
         {"Nov 26 14:31:36 mail " + tag + line, "Nov 26 14:31:36 " + tag + line,
          "Nov 26 14:31:36 mail mail.info " + tag + line, "Nov 26 14:31:36 ::1 " + tag + line,
          "2026-11-26T14:31:36Z " + tag + line,
          "Thu 2026-11-26 14:31:36 UTC mail postfix@-.service[123]: " + line,
          "Thu 2026-11-26 14:31:36 UTC mail " + tag + line}) {
        CAPTURE(text);
        CHECK(has_row(report_of({text}), "1 mails"));
    }
}

TEST_CASE("other programs' lines don't count, also when they quote one of ours")
{
    for (const std::string& text :
         {line, tag + line, "Nov 26 14:31:36 mail postfix/pipe[1]: " + line,
          "Nov 26 14:31:36 mail postfix/pipe[1]: " + tag + line,
          "Nov 26 14:31:36 mail mail.info postfix/pipe[1]: " + tag + line,
          "Nov 26 14:31:36 postfix/pipe[1]: " + tag + line,
          "Nov 26 14:31:36 mail a b " + tag + line, "Nov 26 14:31:36 mail a b.c d " + tag + line,
          "Nov 26 14:31:36 mail snowflake-mail-client[123]: " + line,
          "Nov 26 14:31:36 mail snowflake-mail: " + line,
          "Nov 26 14:31:36 mail snowflake-mail[]: " + line,
          "Nov 26 14:31:36 mail snowflake-mail[1x]: " + line,
          "Nov 26 14:31:36 mail postfix.service[123]: " + line,
          "Thu 2026-11-26 14:31:36 UTC mail postfix[123]: " + line,
          "Nov 26 14:31:36 mail " + tag + "something else"}) {
        CAPTURE(text);
        CHECK(report_of({text}) == nothing);
    }
}

TEST_CASE("a line that this version can't read is counted and shows nothing of itself")
{
    const std::string text = report_of({"Nov 26 14:31:36 mail " + tag + line + " from=user@x",
                                        "Nov 26 14:31:36 mail " + tag + line});
    CHECK(has_row(text, "1 mails"));
    CHECK(has_row(text, "1 lines of snowflake-mail that this version can't read"));
    CHECK(text.find("user") == std::string::npos);
    const std::string other = report_of(
        {"Nov 26 14:31:36 mail " + tag +
         "outcome=ignored reason=secret attempts=0 unknown_fields=0 read_ms=0 broker_ms=0 "
         "sendmail_ms=0 total_ms=0"});
    CHECK(has_row(other, "1 other 100.0%"));
    CHECK(other.find("secret") == std::string::npos);
}

TEST_CASE("each reason is counted under its outcome, the most frequent first")
{
    std::vector<std::string> lines;
    for (const ReasonRow& row : reason_table)
        for (int i = 0; i < (row.reason == Reason::list ? 3 : 1); ++i)
            lines.push_back("Nov 26 14:31:36 mail " + tag + log_line({.reason = row.reason}));
    const std::string text = report_of(lines);
    for (const ReasonRow& row : reason_table) {
        CAPTURE(row.word);
        CHECK(has_row(text, row.reason == Reason::list ? "3 list 5.7%"
                                                       : std::string("1 ") + row.word + " 1.9%"));
    }
    CHECK(has_row(text, "24 ignored 45.3%"));
    CHECK(text.find("list ") < text.find("auto-submitted"));
}

TEST_CASE("a part's percentiles are of the mails in which that part was done")
{
    std::vector<std::string> lines;
    for (int i = 1; i <= 100; ++i)
        lines.push_back("Nov 26 14:31:36 mail " + tag +
                        log_line({.reason = Reason::answer,
                                  .attempts = 1 + i % 2,
                                  .unknown_fields = i % 4,
                                  .read = 1ms,
                                  .broker = i * 100ms,
                                  .sendmail = i * 1ms,
                                  .total = i * 200ms}));
    for (const Reason reason : {Reason::list, Reason::sendmail, Reason::settings})
        lines.push_back("Nov 26 14:31:36 mail " + tag + log_line({.reason = reason}));
    const std::string text = report_of(lines);
    CHECK(has_row(text, "read 102 1 1 1"));
    CHECK(has_row(text, "broker 100 5000 9500 9900"));
    CHECK(has_row(text, "sendmail 100 50 95 99"));
    CHECK(has_row(text, "total 103 9800 19000 19800"));
    CHECK(has_row(text, "150 questions to the broker, 50 mails asked again"));
    CHECK(has_row(text, "150 unknown fields, in 75 mails"));
    CHECK(has_row(report_of({lines.back()}), "broker 0 - - -"));
}

TEST_CASE("percentiles are by the nearest rank")
{
    Durations durations;
    CHECK(durations.percentile(50) == 0);
    durations.add(7ms);
    CHECK(durations.percentile(99) == 7);
    durations.add(900s);
    CHECK(durations.percentile(50) == 7);
    CHECK(durations.percentile(51) == 900000);
}

TEST_CASE("days come in the order of the input, and the same day is one table")
{
    const auto at = [](const std::string& time) { return time + " mail " + tag + line; };
    const std::string text =
        report_of({at("Nov 27 00:10:00"), at("Nov 26 13:10:00"), at("Nov 26 13:10:00"),
                   at("Nov 27 23:10:00"), at("2026-11-27T23:10:00+0100")});
    const auto second = text.find("snowflake-mail, Nov 26\n"),
               third = text.find("snowflake-mail, 2026-11-27\n");
    CHECK(text.starts_with("snowflake-mail, Nov 27\n======================\n"));
    CHECK(second < third);
    CHECK(third < text.size());
    CHECK(has_row(text.substr(0, second), "2 mails"));
    const std::string bar(40, '#');
    CHECK(has_row(text.substr(0, second), "00 1 0 0 " + bar));
    CHECK(has_row(text.substr(0, second), "23 1 0 0 " + bar));
    CHECK(has_row(text.substr(second, third - second), "13 2 0 0 " + bar));
}

TEST_CASE("a bar has the length of its hour's part of the fullest, and at least one mark")
{
    std::vector<std::string> lines(100, "Nov 26 13:00:00 " + tag + line);
    lines.resize(150, "Nov 26 14:00:00 " + tag + line);
    lines.push_back("Nov 26 15:00:00 " + tag + log_line({.reason = Reason::sendmail}));
    const std::string text = report_of(lines);
    CHECK(has_row(text, "14 50 0 0 " + std::string(20, '#')));
    CHECK(has_row(text, "15 0 0 1 #"));
    CHECK(has_row(text, "16 0 0 0"));
}

TEST_CASE("a table is plain ASCII of at most 80 columns, without blanks at its lines' ends")
{
    std::vector<std::string> lines;
    for (const ReasonRow& row : reason_table)
        lines.push_back("Nov 26 14:31:36 " + tag +
                        log_line({.reason = row.reason,
                                  .attempts = 2147483647,
                                  .unknown_fields = 2147483647,
                                  .read = 2147483647ms,
                                  .broker = 2147483647ms,
                                  .sendmail = 2147483647ms,
                                  .total = 2147483647ms}));
    lines.push_back("Nov 26 14:31:36 " + tag + "outcome=\xc3\xa9\x1b[2J");
    std::istringstream stream(report_of(lines));
    for (std::string text; std::getline(stream, text);) {
        CAPTURE(text);
        CHECK(text.size() <= 80);
        CHECK(std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; }));
        CHECK_FALSE(text.ends_with(' '));
    }
}

TEST_CASE("lines with too many days don't take more and more memory")
{
    Report report;
    for (int year = 2000; year < 2060; ++year)
        for (int month = 10; month <= 12; ++month)
            for (int day = 10; day <= 19; ++day)
                report.add(std::to_string(year) + "-" + std::to_string(month) + "-" +
                           std::to_string(day) + "T00:00:00Z " + tag + line);
    CHECK(has_row(report.text(), "1400 mails left out, after 400 days"));
}
