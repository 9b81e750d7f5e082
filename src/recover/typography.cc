#include "recover/typography.hh"

#include "marks.hh"

#include <glib.h>
#include <initializer_list>
#include <utility>

namespace {

struct Range {
    gunichar first, last;
};

bool is_in(gunichar c, std::initializer_list<Range> ranges)
{
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](const Range& range) { return c >= range.first && c <= range.last; });
}

// clang-format off
bool stands_for_nothing(gunichar c)
{
    return is_in(c, {{0x00, 0x08}, {0x0E, 0x1F}, {0x7F, 0x84}, {0x86, 0x9F}, // control characters
                     {0xAD, 0xAD},                                           // soft hyphen
                     {0x34F, 0x34F}, {0x200B, 0x200F}, {0x2060, 0x206F},     // joiners, zero width
                     {0x61C, 0x61C}, {0x202A, 0x202E},                       // direction marks
                     {0x180B, 0x180F}, {0xFE00, 0xFE0F},                     // variation selectors
                     {0xFEFF, 0xFEFF},                                       // byte order mark
                     {0xFFFC, 0xFFFC}});                                     // object replacement
}

bool is_quotation_mark(gunichar c)
{
    return is_in(c, {{0xAB, 0xAB}, {0xBB, 0xBB}, {0x2BA, 0x2BA}, {0x2EE, 0x2EE},
                     {0x201C, 0x201F}, {0x2033, 0x2033}, {0x2036, 0x2036}, {0x275D, 0x275E},
                     {0x3003, 0x3003}, {0x300C, 0x300F}, {0x301D, 0x301F}});
}

bool is_apostrophe(gunichar c)
{
    return is_in(c, {{0x2BC, 0x2BC}, {0x2018, 0x201B}, {0x2032, 0x2032}, {0x2035, 0x2035}});
}

bool is_hyphen(gunichar c) { return is_in(c, {{0x2010, 0x2015}, {0x2212, 0x2212}}); }

bool is_line_end(gunichar c) { return is_in(c, {{0x85, 0x85}, {0x2028, 0x2029}}); }

// Yen and won signs, which stand at the backslash's place in Japanese and Korean charsets.
bool is_currency_backslash(gunichar c)
{
    return is_in(c, {{0xA5, 0xA5}, {0x20A9, 0x20A9}, {0xFFE5, 0xFFE6}});
}
// clang-format on

// What a character stands for that word processors, phones and sanitizers put in.
const char* meaning_of(gunichar c, const char* itself)
{
    if (stands_for_nothing(c))
        return "";
    if (is_line_end(c))
        return "\n";
    if (is_quotation_mark(c))
        return "\"";
    if (is_apostrophe(c))
        return "'";
    if (is_hyphen(c))
        return "-";
    if (c == 0x2026)
        return "...";
    return g_unichar_type(c) == G_UNICODE_SPACE_SEPARATOR ? " " : itself;
}

bool is_plain(char c)
{
    return g_ascii_isprint(c) || g_ascii_isspace(c) || c == mark::left_out_line;
}

// At the front of the text, the octets that French typography puts inside guillemets (no-break
// spaces), or that a terminal's colours take (ECMA-48 5.4).
std::size_t length_of_trimming(std::string_view text)
{
    for (const std::string blank : {"\u00a0", "\u202f"}) {
        if (text.starts_with("\u00ab" + blank))
            return blank.size() + 2;
        if (text.starts_with(blank + "\u00bb"))
            return blank.size();
    }
    if (!text.starts_with("\x1b["))
        return 0;
    const auto end = text.find_first_not_of("0123456789;", 2);
    return end == text.npos || !g_ascii_isalpha(text[end]) ? 0 : end + 1;
}

class MakePlain {
  public:
    explicit MakePlain(bool has_backslash) : has_backslash_(has_backslash) {}

    std::size_t operator()(std::string_view rest, std::string& result) const
    {
        if (is_plain(rest[0]))
            return 0;
        if (const std::size_t trimming = length_of_trimming(rest)) {
            result += rest.starts_with("\u00ab") ? "\"" : "";
            return trimming;
        }
        const gunichar c = g_utf8_get_char_validated(rest.data(), static_cast<gssize>(rest.size()));
        if (!g_unichar_validate(c))
            return 0;
        const auto length = static_cast<std::size_t>(g_unichar_to_utf8(c, nullptr));
        const std::string itself(rest.substr(0, length));
        if (!has_backslash_ && is_currency_backslash(c))
            result += '\\';
        else if (c > 0xFF00 && c < 0xFF5F) // full-width ASCII of East Asian input methods
            result += static_cast<char>(c - 0xFEE0);
        else if (g_unichar_isdigit(c)) // Persian, Arabic
            result += static_cast<char>('0' + g_unichar_digit_value(c));
        else
            result += meaning_of(c, itself.c_str());
        return length;
    }

  private:
    bool has_backslash_; // in the text: then a yen sign is none
};

} // namespace

Strings repair_typography(const std::string& text)
{
    if (std::all_of(text.begin(), text.end(), is_plain))
        return {};
    return unless_same(text, replaced(text, MakePlain(contains(text, "\\"))));
}
