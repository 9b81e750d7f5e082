#pragma once
#include "log.hh"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// Durations in milliseconds. It needs room for each different one, not for each mail.
class Durations {
  public:
    void add(std::chrono::milliseconds duration);
    std::uint64_t count() const { return count_; }

    // The shortest duration that so many percent of all don't exceed (nearest rank). 0 without any.
    std::int64_t percentile(unsigned percent) const;

  private:
    std::map<std::int64_t, std::uint64_t> counts_;
    std::uint64_t count_ = 0;
};

// A moment as a log shows it, in whatever zone.
struct LogTime {
    int year = 0; // 0: the log shows none
    int month = 0, day = 0, hour = 0;
    bool may_have_unit = false; // journalctl's form that may name a unit in place of the program

    bool is_same_day(const LogTime& other) const
    {
        return year == other.year && month == other.month && day == other.day;
    }
};

// Takes the time from the front of a line, with the blank behind it: as syslog (RFC 3164 4.1.2,
// RFC 3339), log_line()'s file or journalctl(1) write it. None: there is none.
std::optional<LogTime> take_log_time(std::string_view& line);

// Counts the lines of a log by day.
class Report {
  public:
    // A line without its line feed. A line that snowflake-mail didn't write counts as nothing.
    void add(std::string_view line);

    // A table for each day, in the order in which the days came: ASCII, 80 columns, and nothing of
    // the lines but known words and numbers.
    std::string text() const;

  private:
    struct Day {
        LogTime date;
        std::map<Outcome, std::map<std::string_view, std::uint64_t>> reasons; // by word_of()
        std::array<std::map<Outcome, std::uint64_t>, 24> hours;
        Durations read, broker, sendmail, total;
        std::uint64_t attempts = 0, asked_again = 0, unknown_fields = 0, with_unknown_fields = 0;
    };
    Day* find_day(const LogTime& date);
    static std::string table(const Day& day);

    std::vector<Day> days_;
    std::uint64_t unreadable_ = 0; // lines of snowflake-mail
    std::uint64_t left_out_ = 0;   // mails of more days than there is room for
};

// Prints the report of these files to stdout; "-", or no file at all, is stdin. Returns whether all
// could be read; what could not is told on stderr.
bool print_report(const std::vector<std::string>& files);
