#include "recover/encodings.hh"

#include "charset.hh"
#include "deflate.hh"
#include "line_ends.hh"
#include "lines.hh"
#include "marks.hh"
#include "recover/signs.hh"

#include <array>
#include <glib.h>
#include <map>

namespace {

bool is_base64(char c)
{
    return g_ascii_isalnum(c) || c == '+' || c == '/' || c == '-' || c == '_';
}

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

// Noise has a control character, or one that can't be decoded, every few letters.
bool is_text(std::string_view text)
{
    auto odd = std::count_if(text.begin(), text.end(),
                             [](char c) { return g_ascii_iscntrl(c) && !g_ascii_isspace(c); });
    for (std::size_t at = 0; (at = text.find("\ufffd", at)) != text.npos; ++at)
        ++odd;
    return odd <= 2;
}

// The octets of something at the front that may stand between base64's letters: blanks, quotation
// marks, zero-width characters, sendmail's "!" and a scanner's "*". 0: the base64 ends here.
std::size_t length_of_filling(std::string_view rest)
{
    if (is_ascii(rest[0]))
        return g_ascii_isspace(rest[0]) || rest[0] == '>' || rest[0] == '*'
                   ? 1
                   : (rest.starts_with("!\n") ? 2 : 0);
    for (const std::string_view filling : {"\u200b", "\u200c", "\ufeff", "\u00a0"})
        if (rest.starts_with(filling))
            return filling.size();
    return 0;
}

// The octets (RFC 4648 4 and 5), up to what is foreign in the text. `read`: the octets looked at.
std::string base64_decoded(std::string_view text, std::size_t& read)
{
    std::string letters;
    for (read = 0; read < text.size();) {
        const char c = text[read];
        if (is_base64(c)) {
            letters += c == '-' ? '+' : c == '_' ? '/' : c;
            ++read;
        } else if (const std::size_t filling = length_of_filling(text.substr(read))) {
            read += filling;
        } else {
            break;
        }
    }
    if (letters.size() % 4 == 1) // a letter too few, or one of the text behind it
        letters.pop_back();
    letters.append((4 - letters.size() % 4) % 4, '=');
    if (letters.empty())
        return "";
    gsize size = 0;
    g_base64_decode_inplace(letters.data(), &size);
    letters.resize(size);
    return letters;
}

// Whether the octets begin as a request in raw deflate does. Other octets seldom are such a stream,
// and hardly ever begin so.
bool begins_deflated_request(std::string_view octets)
{
    constexpr std::size_t some = 40, fewest = 4; // characters: up to the first that differ
    const std::string start = inflated(octets, some).octets;
    return start.size() >= fewest && (g_ascii_isdigit(start[0]) || start[0] == '{') &&
           is_text(to_utf8(start, ""));
}

constexpr std::size_t long_run = 40; // letters; no word has so many

// Whether a run of base64's letters begins there, also right behind the message version.
bool is_run_start(std::string_view text, std::size_t at)
{
    return is_base64(text[at]) && (at == 0 || !is_base64(text[at - 1]) ||
                                   (text[at - 1] == '0' && text.substr(0, at).ends_with("1.0")));
}

// Whether base64 may begin there: with a long run of its letters, or as a request does.
bool may_be_base64(std::string_view text, std::size_t at)
{
    const std::string_view run = text.substr(at, long_run);
    return (is_run_start(text, at) && run.size() == long_run &&
            std::all_of(run.begin(), run.end(), is_base64)) ||
           starts_like_base64_of_request(run);
}

// Whether raw deflate may begin there, with a long run that line breaks are in: a line has few
// letters in a narrow column, and where it was broken behind a hyphen of base64url. Of plain base64
// such a start would be no sign, since a word may stand in the line above it.
bool may_be_deflate(std::string_view text, std::size_t at)
{
    constexpr std::size_t most_filling = 10; // octets for each letter
    if (!is_run_start(text, at))
        return false;
    std::string_view rest = text.substr(at, long_run * most_filling);
    for (std::size_t letters = 0; !rest.empty();) {
        if (is_base64(rest[0])) {
            if (++letters == long_run)
                return true;
            rest.remove_prefix(1);
            continue;
        }
        bool is_between_words = true; // blanks and marks alone are
        while (!rest.empty()) {
            const std::size_t filling = length_of_filling(rest);
            if (filling == 0)
                break;
            is_between_words = is_between_words &&
                               (contains(" \t>*", rest.substr(0, 1)) || rest.starts_with("\u00a0"));
            rest.remove_prefix(filling);
        }
        if (is_between_words)
            return false;
    }
    return false;
}

// RFC 3986 2.1. A line break may have come into an octet's three letters.
std::size_t decode_percent(std::string_view rest, std::string& result)
{
    if (rest[0] != '%')
        return 0;
    const auto behind_break = [&](std::size_t at) {
        const bool is_break = at < rest.size() && (rest[at] == '\n' || rest[at] == '\r' ||
                                                   rest[at] == mark::source_break);
        return is_break ? std::min(rest.find_first_not_of(" \t\n\v\r", at), rest.size()) : at;
    };
    const auto high = behind_break(1), low = behind_break(high + 1);
    if (low >= rest.size() || !g_ascii_isxdigit(rest[high]) || !g_ascii_isxdigit(rest[low]))
        return 0;
    append_incoming(result, static_cast<char>(g_ascii_xdigit_value(rest[high]) * 16 +
                                              g_ascii_xdigit_value(rest[low])));
    return low + 1;
}

// A "=" at the end of the text is the rest of one that was cut off.
std::size_t drop_soft_break(std::string_view rest, std::string&)
{
    const bool is_cut = rest[0] == '=' && rest.find_first_not_of(" \t", 1) == rest.npos;
    return is_cut ? rest.size() : length_of_soft_break(rest);
}

std::size_t decode_quoted_printable(std::string_view rest, std::string& result)
{
    if (const std::size_t soft_break = drop_soft_break(rest, result))
        return soft_break;
    if (rest[0] != '=' || rest.size() < 3 || !g_ascii_isxdigit(rest[1]) ||
        !g_ascii_isxdigit(rest[2]))
        return 0;
    append_incoming(result, static_cast<char>(g_ascii_xdigit_value(rest[1]) * 16 +
                                              g_ascii_xdigit_value(rest[2])));
    return 3;
}

// Whether two octets of a character beyond ASCII stand in the text, in quoted-printable. All of a
// request of full-width letters does.
bool has_encoded_character(std::string_view text)
{
    constexpr std::size_t size = 6; // "=EF=BC"
    for (std::size_t at = 0; (at = text.find('=', at)) != text.npos; ++at) {
        const std::string_view two = text.substr(at, size);
        if (two.size() == size && g_ascii_xdigit_value(two[1]) >= 0xC && g_ascii_isxdigit(two[2]) &&
            two[3] == '=' && (g_ascii_xdigit_value(two[4]) & 0xC) == 8 && g_ascii_isxdigit(two[5]))
            return true;
    }
    return false;
}

std::size_t unescape_json(std::string_view rest, std::string& result)
{
    if (rest[0] != '\\' || rest.size() < 2)
        return 0;
    switch (const char letter = rest[1]) {
    case 'n': result += '\n'; return 2;
    case 'r': result += '\r'; return 2;
    case 't': result += '\t'; return 2;
    case '"':
    case '\\':
    case '/': result += letter; return 2;
    default: return 0;
    }
}

// The octet that a character was made of, where it is one of windows-1252 or ISO-8859-1.
std::size_t encode_windows_1252(std::string_view rest, std::string& result)
{
    static const auto octets = [] {
        std::map<gunichar, char> map{{0xFFFD, '\x9d'}}; // of a closing quotation mark, lost
        for (unsigned octet = 0x80; octet < 0x100; ++octet)
            map[octet] = map[windows_1252(static_cast<unsigned char>(octet))] =
                static_cast<char>(octet);
        return map;
    }();
    const auto found =
        octets.find(g_utf8_get_char_validated(rest.data(), static_cast<gssize>(rest.size())));
    if (found == octets.end())
        return 0;
    result += found->second;
    return static_cast<std::size_t>(g_unichar_to_utf8(found->first, nullptr));
}

} // namespace

Strings repair_base64(const std::string& text)
{
    constexpr std::size_t most_blocks = 8, some_letters = 200, most_letters = 2'000'000,
                          some_octets = 75, most_inflated = 100'000, most_broken_runs = 20;
    // Base64 may begin at every third letter: without this a text's time would be its square.
    std::size_t letters_left = std::min(most_letters, 8 * text.size());
    const auto spend = [&](std::size_t letters) {
        letters_left -= std::min(letters_left, letters);
    };
    // Lines of one word each look like deflate in a narrow column. They have a limit of their own.
    std::size_t broken_runs_left = most_broken_runs;
    Strings blocks;
    for (std::size_t at = 0;
         at < text.size() && blocks.size() < most_blocks && letters_left > some_letters; ++at) {
        const bool is_base64_start = may_be_base64(text, at);
        if (!is_base64_start && (broken_runs_left == 0 || !may_be_deflate(text, at)))
            continue;
        const std::string_view rest = std::string_view(text).substr(at);
        std::size_t read = 0;
        const std::string start = base64_decoded(rest.substr(0, some_letters), read);
        if (is_base64_start)
            spend(read);
        else
            --broken_runs_left;
        const bool is_deflated = begins_deflated_request(start);
        const bool is_readable =
            is_base64_start && is_text(to_utf8(start.substr(0, some_octets), ""));
        if (!is_deflated && !is_readable)
            continue;
        std::string octets =
            base64_decoded(rest.substr(0, std::min(longest_request, letters_left)), read);
        spend(read);
        if (is_deflated) {
            octets = inflated(octets, std::min(most_inflated, letters_left)).octets;
            spend(octets.size());
        }
        std::string decoded = to_utf8(octets, "");
        if (!may_hold_request(decoded))
            continue;
        // A request above it may be the one that is meant, and this one an old one: find_request()
        // compares the two. The message version of a bare object stands above it too.
        const std::string_view above = std::string_view(text).substr(0, at);
        const bool needs_above = begins_request(above) || (is_deflated && decoded[0] == '{');
        blocks.push_back(needs_above ? std::string(above) + decoded : decoded);
        at += is_deflated ? read : decoded.size(); // no other block begins inside this one
    }
    return blocks;
}

Strings repair_quoted_printable(const std::string& text)
{
    // A text with a bare "=" isn't encoded: "a=candidate" would become rubbish.
    const bool is_encoded =
        contains(text, "=3D") || contains(text, "=3d") || has_encoded_character(text);
    return unless_same(text, is_encoded ? replaced(text, OctetSet("="), decode_quoted_printable)
                                        : replaced(text, OctetSet("="), drop_soft_break));
}

Strings repair_dash_escapes(const std::string& text)
{
    constexpr std::string_view escape = "- ";
    const auto start = text.find("-----BEGIN PGP SIGNED MESSAGE-----");
    if (start == text.npos)
        return {};
    std::string result = text.substr(0, start);
    bool is_signed = true;
    for (std::string_view rest = std::string_view(text).substr(start); !rest.empty();) {
        const std::string_view line = take_line(rest);
        is_signed = is_signed && !line.starts_with("-----BEGIN PGP SIGNATURE-----");
        result += line.substr(is_signed && line.starts_with(escape) ? escape.size() : 0);
    }
    return unless_same(text, result);
}

Strings repair_percent(const std::string& text)
{
    return unless_same(text, replaced(text, OctetSet("%"), decode_percent));
}

Strings repair_plus_for_blank(const std::string& text)
{
    if (!contains(text, "%22") || !contains(text, "+") || contains(text, "%20"))
        return {};
    std::string blanks = text;
    std::replace(blanks.begin(), blanks.end(), '+', ' ');
    return {replaced(blanks, OctetSet("%"), decode_percent)};
}

Strings repair_json_literal(const std::string& text)
{
    if (!contains(text, "{\\\"") && !contains(text, "{\\\\") && !contains(text, "\\\"offer\\\""))
        return {};
    return unless_same(text, replaced(text, OctetSet("\\"), unescape_json));
}

Strings repair_mojibake(const std::string& text)
{
    if (!contains(text, "\u00e2") && !contains(text, "\u00c2") && !contains(text, "\u00ef\u00bb"))
        return {};
    return unless_same(text, utf8_or_windows_1252(replaced(text, encode_windows_1252)));
}
