#include "report.hh"

#include "deadline.hh"
#include "fd.hh"
#include "lines.hh"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <unistd.h>

namespace {

constexpr std::size_t most_days = 400;     // forged lines can't use up the memory
constexpr std::size_t longest_line = 1024; // ours have some 250 octets, the host's name included

constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

constexpr std::array<std::string_view, 7> weekdays = {"Mon", "Tue", "Wed", "Thu",
                                                      "Fri", "Sat", "Sun"};

// --- one line

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool take(std::string_view& text, std::string_view start)
{
    if (!text.starts_with(start))
        return false;
    text.remove_prefix(start.size());
    return true;
}

std::string_view take_digits(std::string_view& text)
{
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    const auto digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(digits.size());
    return digits;
}

// A number of so many digits in that range.
bool take_number(std::string_view& text, std::size_t width, int least, int most, int& number)
{
    const std::string_view digits = text.substr(0, width);
    if (digits.size() < width || !std::all_of(digits.begin(), digits.end(), is_digit))
        return false;
    number = 0;
    for (const char digit : digits)
        number = 10 * number + (digit - '0');
    text.remove_prefix(width);
    return number >= least && number <= most;
}

// ".123456", which may be missing.
bool take_fraction(std::string_view& text)
{
    return (!take(text, ".") && !take(text, ",")) || !take_digits(text).empty();
}

// "14:31:36.123456"
bool take_clock(std::string_view& text, int& hour)
{
    int other = 0;
    return take_number(text, 2, 0, 23, hour) && take(text, ":") &&
           take_number(text, 2, 0, 59, other) && take(text, ":") &&
           take_number(text, 2, 0, 60, other) && take_fraction(text);
}

// "Z", "+0100", "+01:00", or nothing.
bool take_zone(std::string_view& text)
{
    int other = 0;
    if (take(text, "Z") || (!take(text, "+") && !take(text, "-")))
        return true;
    if (!take_number(text, 2, 0, 23, other))
        return false;
    take(text, ":");
    return take_number(text, 2, 0, 59, other);
}

// "2026-11-26"
bool take_date(std::string_view& text, LogTime& time)
{
    return take_number(text, 4, 1, 9999, time.year) && take(text, "-") &&
           take_number(text, 2, 1, 12, time.month) && take(text, "-") &&
           take_number(text, 2, 1, 31, time.day);
}

// RFC 3339, and journalctl -o short-iso, which has no colon in the zone.
bool take_iso_time(std::string_view& text, LogTime& time)
{
    return take_date(text, time) && (take(text, "T") || take(text, " ")) &&
           take_clock(text, time.hour) && take_zone(text) && take(text, " ");
}

// RFC 3164 4.1.2 "Nov  6 14:31:36"; journalctl -o short writes "Nov 06".
bool take_yearless_time(std::string_view& text, LogTime& time)
{
    const auto* const month = std::find(months.begin(), months.end(), text.substr(0, 3));
    if (month == months.end())
        return false;
    text.remove_prefix(3);
    time.month = static_cast<int>(month - months.begin()) + 1;
    return take(text, " ") &&
           (take(text, " ") ? take_number(text, 1, 1, 9, time.day)
                            : take_number(text, 2, 1, 31, time.day)) &&
           take(text, " ") && take_clock(text, time.hour) && take(text, " ");
}

// journalctl -o short-full: "Thu 2026-11-26 14:31:36 UTC". So it is with -o with-unit.
bool take_full_time(std::string_view& text, LogTime& time)
{
    if (std::find(weekdays.begin(), weekdays.end(), text.substr(0, 3)) == weekdays.end())
        return false;
    text.remove_prefix(3);
    if (!take(text, " ") || !take_date(text, time) || !take(text, " ") ||
        !take_clock(text, time.hour) || !take(text, " "))
        return false;
    const auto end = text.find(' '); // of the zone's name
    text.remove_prefix(std::min(end, text.size()));
    time.may_have_unit = true;
    return take(text, " ");
}

// journalctl -o short-unix: seconds since 1970 and their fraction. The day and hour are those of
// UTC.
bool take_unix_time(std::string_view& text, LogTime& time)
{
    using namespace std::chrono;
    const std::string_view digits = take_digits(text);
    if (digits.size() < 9 || digits.size() > 11 || !take_fraction(text) || !take(text, " "))
        return false;
    const sys_seconds moment{seconds(std::stoll(std::string(digits)))};
    const auto midnight = floor<days>(moment);
    const year_month_day date(midnight);
    time = {.year = static_cast<int>(date.year()),
            .month = static_cast<int>(static_cast<unsigned>(date.month())),
            .day = static_cast<int>(static_cast<unsigned>(date.day())),
            .hour = static_cast<int>(floor<hours>(moment - midnight).count())};
    return true;
}

std::string_view take_word(std::string_view& text)
{
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    return word;
}

// "snowflake-mail[123]:", or with the name of the unit that runs the mail system in place of the
// program's.
bool is_our_tag(std::string_view word, bool may_be_unit)
{
    if (!word.ends_with("]:"))
        return false;
    word.remove_suffix(2);
    const auto bracket = word.rfind('[');
    if (bracket == std::string_view::npos)
        return false;
    const std::string_view name = word.substr(0, bracket), pid = word.substr(bracket + 1);
    const bool is_unit = name.ends_with(".service") || name.ends_with(".scope");
    return (name == "snowflake-mail" || (may_be_unit && is_unit)) && !pid.empty() &&
           std::all_of(pid.begin(), pid.end(), is_digit);
}

// "mail.info", which some syslog daemons write between the host's name and the program's.
bool is_priority(std::string_view word)
{
    return word.find('.') != std::string_view::npos &&
           word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.") ==
               std::string_view::npos;
}

// Takes the host's name and the program's. Another program's line may quote one of ours, so that
// nothing but these may stand before the tag.
bool take_our_tag(std::string_view& text, bool may_be_unit)
{
    std::string_view word = take_word(text);
    if (!is_our_tag(word, may_be_unit) && !word.empty() && !word.ends_with(':'))
        word = take_word(text);
    if (is_priority(word))
        word = take_word(text);
    return is_our_tag(word, may_be_unit);
}

// Whether a run with that end has read its mail.
bool is_after_reading(Reason reason)
{
    return reason != Reason::settings && reason != Reason::usage && reason != Reason::log &&
           reason != Reason::input;
}

// --- the table

std::uint64_t sum(const auto& counts)
{
    std::uint64_t total = 0;
    for (const auto& [key, count] : counts)
        total += count;
    return total;
}

std::string percentage(std::uint64_t part, std::uint64_t whole)
{
    std::ostringstream text;
    text << std::fixed << std::setprecision(1)
         << 100.0 * static_cast<double>(part) / static_cast<double>(whole) << '%';
    return text.str();
}

std::uint64_t count_of(const std::map<Outcome, std::uint64_t>& counts, Outcome outcome)
{
    const auto found = counts.find(outcome);
    return found == counts.end() ? 0 : found->second;
}

constexpr Outcome outcomes[] = {Outcome::answered, Outcome::ignored, Outcome::deferred};

std::string date_text(const LogTime& date)
{
    std::ostringstream text;
    text << std::setfill('0');
    if (date.year)
        text << std::setw(4) << date.year << '-' << std::setw(2) << date.month << '-'
             << std::setw(2) << date.day;
    else
        text << months[static_cast<std::size_t>(date.month - 1)] << ' ' << date.day;
    return text.str();
}

} // namespace

void Durations::add(std::chrono::milliseconds duration)
{
    ++counts_[duration.count()];
    ++count_;
}

std::int64_t Durations::percentile(unsigned percent) const
{
    const std::uint64_t rank = (count_ * percent + 99) / 100;
    std::uint64_t passed = 0;
    for (const auto& [duration, count] : counts_)
        if ((passed += count) >= rank)
            return duration;
    return 0;
}

std::optional<LogTime> take_log_time(std::string_view& line)
{
    for (auto* const form : {take_iso_time, take_yearless_time, take_full_time, take_unix_time}) {
        std::string_view rest = line;
        LogTime time;
        if (form(rest, time)) {
            line = rest;
            return time;
        }
    }
    return std::nullopt;
}

Report::Day* Report::find_day(const LogTime& date)
{
    // The last one first: mostly it is the same day.
    const auto found = std::find_if(days_.rbegin(), days_.rend(),
                                    [&](const Day& day) { return day.date.is_same_day(date); });
    if (found != days_.rend())
        return &*found;
    if (days_.size() == most_days)
        return nullptr;
    days_.emplace_back().date = date;
    return &days_.back();
}

void Report::add(std::string_view line)
{
    const auto time = take_log_time(line);
    if (!time || !take_our_tag(line, time->may_have_unit) || !line.starts_with("outcome="))
        return;
    const auto mail = parse_log_line(line);
    if (!mail) {
        ++unreadable_;
        return;
    }
    Day* const day = find_day(*time);
    if (!day) {
        ++left_out_;
        return;
    }
    const LogEntry& entry = mail->entry;
    ++day->reasons[mail->outcome][mail->has_known_reason ? word_of(entry.reason) : "other"];
    ++day->hours[static_cast<std::size_t>(time->hour)][mail->outcome];
    day->total.add(entry.total);
    if (!mail->has_known_reason || is_after_reading(entry.reason))
        day->read.add(entry.read);
    if (entry.attempts > 0)
        day->broker.add(entry.broker);
    if (mail->outcome == Outcome::answered)
        day->sendmail.add(entry.sendmail);
    day->attempts += static_cast<std::uint64_t>(entry.attempts);
    day->asked_again += entry.attempts > 1;
    day->unknown_fields += static_cast<std::uint64_t>(entry.unknown_fields);
    day->with_unknown_fields += entry.unknown_fields > 0;
}

std::string Report::table(const Day& day)
{
    std::ostringstream text;
    const std::string title = "snowflake-mail, " + date_text(day.date);
    text << title << '\n' << std::string(title.size(), '=') << "\n\n";

    const std::uint64_t mails = day.total.count();
    const auto add_row = [&](std::uint64_t count, const std::string& word) {
        text << std::setw(10) << count << "   " << std::left << std::setw(28) << word << std::right
             << std::setw(6) << percentage(count, mails) << '\n';
    };
    text << std::setw(10) << mails << "   mails\n\n";
    for (const Outcome outcome : outcomes) {
        const auto found = day.reasons.find(outcome);
        if (found == day.reasons.end()) {
            add_row(0, word_of(outcome));
            continue;
        }
        add_row(sum(found->second), word_of(outcome));
        std::vector<std::pair<std::string_view, std::uint64_t>> rows(found->second.begin(),
                                                                     found->second.end());
        std::stable_sort(rows.begin(), rows.end(),
                         [](const auto& a, const auto& b) { return a.second > b.second; });
        for (const auto& [word, count] : rows)
            add_row(count, "  " + std::string(word));
    }
    text << '\n'
         << std::setw(10) << day.attempts << "   questions to the broker, " << day.asked_again
         << " mails asked again\n"
         << std::setw(10) << day.unknown_fields << "   unknown fields, in "
         << day.with_unknown_fields << " mails\n";

    text << "\nmilliseconds     mails       p50       p95       p99\n";
    for (const auto& [name, part] : {std::pair("read", &day.read),
                                     {"broker", &day.broker},
                                     {"sendmail", &day.sendmail},
                                     {"total", &day.total}}) {
        text << "  " << std::left << std::setw(10) << name << std::right << std::setw(10)
             << part->count();
        for (const unsigned percent : {50U, 95U, 99U}) {
            if (part->count() == 0)
                text << std::setw(10) << '-';
            else
                text << std::setw(10) << part->percentile(percent);
        }
        text << '\n';
    }

    std::uint64_t most = 0;
    for (const auto& hour : day.hours)
        most = std::max(most, sum(hour));
    text << "\nhour   answered   ignored  deferred\n";
    for (std::size_t i = 0; i < day.hours.size(); ++i) {
        constexpr std::uint64_t widest = 40;
        text << std::setfill('0') << std::setw(2) << i << std::setfill(' ') << "    ";
        for (const Outcome outcome : outcomes)
            text << std::setw(outcome == Outcome::answered ? 9 : 10)
                 << count_of(day.hours[i], outcome);
        const std::uint64_t count = sum(day.hours[i]);
        if (count > 0)
            text << "  " << std::string((count * widest + most - 1) / most, '#');
        text << '\n';
    }
    return text.str();
}

std::string Report::text() const
{
    std::ostringstream text;
    for (const Day& day : days_)
        text << (&day == &days_.front() ? "" : "\n\n") << table(day);
    if (days_.empty())
        text << "No mail: there is no line of snowflake-mail.\n";
    if (unreadable_ > 0)
        text << '\n'
             << std::setw(10) << unreadable_
             << "   lines of snowflake-mail that this version can't read\n";
    if (left_out_ > 0)
        text << '\n'
             << std::setw(10) << left_out_ << "   mails left out, after " << most_days << " days\n";
    return text.str();
}

namespace {

// Gives each line to the report, whatever the file's size. Returns what went wrong, or "".
std::string add_lines(Report& report, int fd)
{
    std::string pending; // the start of a line whose end was not read yet
    std::vector<char> buffer(65536);
    bool is_start = true;
    for (;;) {
        const ssize_t count = read(fd, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return std::strerror(errno);
        std::string_view rest(buffer.data(), static_cast<std::size_t>(count));
        if (is_start)
            for (const std::string_view magic : {"\x1f\x8b", "BZh",
                                                 "\xfd"
                                                 "7zXZ",
                                                 "\x28\xb5\x2f\xfd"})
                if (rest.starts_with(magic))
                    return "it is compressed; run: zcat FILE | snowflake-mail --report";
        is_start = false;
        while (!rest.empty()) {
            const std::string_view piece = take_line(rest);
            if (pending.size() + piece.size() <= longest_line)
                pending += piece;
            else // it is nobody's that we know; it stays too long until it ends
                pending.assign(longest_line, '\0');
            if (piece.ends_with('\n')) {
                report.add(without_line_feed(pending));
                pending.clear();
            }
        }
        if (count == 0) {
            report.add(pending);
            return "";
        }
    }
}

} // namespace

bool print_report(const std::vector<std::string>& files)
{
    start_deadline(std::chrono::hours(24)); // a log may be long
    Report report;
    std::size_t failed = 0;
    for (const std::string& file : files.empty() ? std::vector<std::string>{"-"} : files) {
        const Fd opened(file == "-" ? dup(STDIN_FILENO)
                                    : open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
        const std::string trouble =
            opened.get() < 0 ? std::strerror(errno) : add_lines(report, opened.get());
        if (trouble.empty())
            continue;
        complain((file == "-" ? "standard input" : file) + ": " + trouble);
        ++failed;
    }
    if (failed > 0 && failed >= files.size())
        return false;
    if (!(std::cout << report.text() << std::flush)) {
        complain("the report can't be written");
        return false;
    }
    return failed == 0;
}
