#include "date.hh"

#include "ascii.hh"
#include "rfc5322.hh"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;

bool is_number(std::string_view word)
{
    return !word.empty() && word.find_first_not_of("0123456789") == word.npos;
}

bool is_name(std::string_view word)
{
    return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
}

// None: it is no number of that many digits.
std::optional<int> number(std::string_view word, std::size_t fewest, std::size_t most)
{
    int value = 0;
    if (!is_number(word) || word.size() < fewest || word.size() > most)
        return std::nullopt;
    std::from_chars(word.data(), word.data() + word.size(), value);
    return value;
}

// RFC 5322 3.3, 4.3. Military zones are left out: their signs were wrong in RFC 822.
std::optional<std::chrono::minutes> zone_of(std::string_view word)
{
    constexpr struct {
        std::string_view name;
        std::chrono::hours offset;
    } zones[] = {{"UT", 0h},   {"GMT", 0h},  {"UTC", 0h},  {"Z", 0h},
                 {"EST", -5h}, {"EDT", -4h}, {"CST", -6h}, {"CDT", -5h},
                 {"MST", -7h}, {"MDT", -6h}, {"PST", -8h}, {"PDT", -7h}};
    for (const auto& zone : zones)
        if (equal_ignoring_case(word, zone.name))
            return zone.offset;
    if (!word.starts_with('+') && !word.starts_with('-'))
        return std::nullopt;
    const auto digits = number(word.substr(1), 4, 4);
    if (!digits || *digits % 100 >= 60 || *digits > 1400)
        return std::nullopt;
    const auto offset = std::chrono::hours(*digits / 100) + std::chrono::minutes(*digits % 100);
    return word.front() == '-' ? -offset : offset;
}

// "8:00" or "08:00:00"
std::optional<std::chrono::seconds> time_of_day(std::string_view word)
{
    const auto colon = word.find(':'), second_colon = word.find(':', colon + 1);
    const bool has_seconds = second_colon != word.npos;
    const auto hour = number(word.substr(0, colon), 1, 2),
               minute = number(word.substr(colon + 1, second_colon - colon - 1), 2, 2),
               second = has_seconds ? number(word.substr(second_colon + 1), 2, 2) : 0;
    if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    return std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
           std::chrono::seconds(*second);
}

std::optional<std::chrono::month> month_of(std::string_view word)
{
    constexpr std::string_view months = "janfebmaraprmayjunjulaugsepoctnovdec";
    const auto at = months.find(lower_case(word.substr(0, 3)));
    if (!is_name(word) || word.size() < 3 || at == months.npos || at % 3 != 0)
        return std::nullopt;
    return std::chrono::month(static_cast<unsigned>(at / 3 + 1));
}

// RFC 5322 4.3: two digits mean 1950 to 2049, three count from 1900.
std::optional<std::chrono::year> year_of(std::string_view word)
{
    const auto year = number(word, 2, 4);
    if (!year)
        return std::nullopt;
    const int since = word.size() == 4 ? 0 : word.size() == 2 && *year < 50 ? 2000 : 1900;
    return std::chrono::year(*year + since);
}

// "Mon 23 Nov 2026", "23 Nov 2026" or, from date(1), "Mon Nov 23 2026"
std::optional<std::chrono::sys_days> day_of(std::vector<std::string_view> words)
{
    if (words.size() == 4 && is_name(words.front()))
        words.erase(words.begin());
    if (words.size() != 3)
        return std::nullopt;
    if (is_name(words[0]))
        std::swap(words[0], words[1]);
    const auto day = number(words[0], 1, 2);
    const auto month = month_of(words[1]);
    const auto year = year_of(words[2]);
    if (!day || !month || !year)
        return std::nullopt;
    const std::chrono::year_month_day date(*year, *month,
                                           std::chrono::day(static_cast<unsigned>(*day)));
    return date.ok() ? std::optional(std::chrono::sys_days(date)) : std::nullopt;
}

} // namespace

std::optional<std::chrono::sys_seconds> parse_date(std::string_view text)
{
    const std::string value = without_comments(text);
    const auto words = words_of(value, " \t\r\n,");
    const auto is_time = [](std::string_view word) { return word.find(':') != word.npos; };
    const auto time = std::find_if(words.begin(), words.end(), is_time);
    if (words.end() - time < 2) // then it has no zone
        return std::nullopt;
    const auto seconds = time_of_day(*time);
    const auto zone = zone_of(time[1]);
    const std::string_view before =
        std::string_view(value).substr(0, static_cast<std::size_t>(time->data() - value.data()));
    std::vector<std::string_view> date = words_of(before, " \t\r\n,-");
    for (auto word = time + 2; word != words.end(); ++word)
        if (!is_name(*word))
            date.push_back(*word);
    const auto day = day_of(date);
    if (!seconds || !zone || !day)
        return std::nullopt;
    return *day + *seconds - *zone;
}
