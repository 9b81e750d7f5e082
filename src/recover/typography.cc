#include "recover/typography.hh"

#include <algorithm>
#include <glib.h>
#include <initializer_list>
#include <utility>

namespace {

bool is_in(gunichar c, std::initializer_list<std::pair<gunichar, gunichar>> ranges)
{
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](const auto& range) { return c >= range.first && c <= range.second; });
}

// What a character that word processors, phones and sanitizers put in stands for; nullptr: itself.
const char* meaning_of(gunichar c)
{
    // Control characters (terminals) but blanks and what stands for a line that was left out; soft
    // hyphen; joiners, zero width (Teams, Delta Chat) and direction marks; variation selectors;
    // byte order mark (iOS Mail); object replacement.
    if (is_in(c, {{0, 0},
                  {2, 8},
                  {0xE, 0x1F},
                  {0x7F, 0x84},
                  {0x86, 0x9F},
                  {0xAD, 0xAD},
                  {0x34F, 0x34F},
                  {0x61C, 0x61C},
                  {0x180B, 0x180F},
                  {0x200B, 0x200F},
                  {0x202A, 0x202E},
                  {0x2060, 0x206F},
                  {0xFE00, 0xFE0F},
                  {0xFEFF, 0xFEFF},
                  {0xFFFC, 0xFFFC}}))
        return "";
    if (is_in(c, {{0xC, 0xC}, {0x85, 0x85}, {0x2028, 0x2029}}))
        return "\n";
    if (is_in(c, {{0xAB, 0xAB},
                  {0xBB, 0xBB},
                  {0x2BA, 0x2BA},
                  {0x2EE, 0x2EE},
                  {0x201C, 0x201F},
                  {0x2033, 0x2033},
                  {0x2036, 0x2036},
                  {0x275D, 0x275E},
                  {0x3003, 0x3003},
                  {0x300C, 0x300F},
                  {0x301D, 0x301F}}))
        return "\"";
    if (is_in(c, {{0x2018, 0x201B}, {0x2032, 0x2032}, {0x2035, 0x2035}, {0x2BC, 0x2BC}}))
        return "'";
    if (is_in(c, {{0x2010, 0x2015}, {0x2212, 0x2212}}))
        return "-";
    if (c == 0x2026)
        return "...";
    return c > 0x7F && g_unichar_type(c) == G_UNICODE_SPACE_SEPARATOR ? " " : nullptr;
}

// The octets that French typography puts inside guillemets, no-break spaces, or that a terminal's
// colours take (ECMA-48 5.4), at the front of the text.
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

} // namespace

Texts undo_typography(const std::string& text)
{
    const auto is_plain = [](char c) {
        return g_ascii_isprint(c) || g_ascii_isspace(c) || c == '\x01';
    };
    if (std::all_of(text.begin(), text.end(), is_plain))
        return {};
    const bool has_backslash = contains(text, "\\");
    return unless_same(
        text,
        rewritten(
            text, [&](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
                const char* here = t.data() + at;
                if (is_plain(*here))
                    return 0;
                if (const std::size_t trimming = length_of_trimming(t.substr(at))) {
                    result += t.substr(at).starts_with("\u00ab") ? "\"" : "";
                    return trimming;
                }
                const gunichar c =
                    g_utf8_get_char_validated(here, static_cast<gssize>(t.size() - at));
                if (c == static_cast<gunichar>(-1) || c == static_cast<gunichar>(-2))
                    return 0;
                const auto length =
                    static_cast<std::size_t>(g_utf8_skip[static_cast<unsigned char>(*here)]);
                if (c > 0xFF00 && c < 0xFF5F) // full-width ASCII of East Asian input methods
                    result += static_cast<char>(c - 0xFEE0);
                else if (c > 0x7F && g_unichar_isdigit(c)) // Persian, Arabic
                    result += static_cast<char>('0' + g_unichar_digit_value(c));
                else if (const char* meaning =
                             !has_backslash &&
                                     is_in(c, {{0xA5, 0xA5}, {0x20A9, 0x20A9}, {0xFFE5, 0xFFE6}})
                                 ? "\\"
                                 : meaning_of(c))
                    result += meaning;
                else
                    result.append(here, length);
                return length;
            }));
}
