#include "recover/encoding.hh"

#include "charset.hh"
#include "html.hh"

#include <algorithm>
#include <array>
#include <glib.h>
#include <map>

namespace {

int hex_value(char c) { return g_ascii_xdigit_value(c); }

bool is_base64(char c)
{
    return g_ascii_isalnum(c) || c == '+' || c == '/' || c == '-' || c == '_';
}

// Noise has a control character or an undecodable one every few letters.
bool is_text(std::string_view text)
{
    auto odd = std::count_if(text.begin(), text.end(),
                             [](char c) { return g_ascii_iscntrl(c) && !g_ascii_isspace(c); });
    for (std::size_t at = 0; (at = text.find("\ufffd", at)) != text.npos; ++at)
        ++odd;
    return odd <= 2;
}

// RFC 4648 4 and 5: wrapped, quoted, with zero-width characters and scanners' marks between the
// lines, ending at whatever is foreign. `read`: the octets looked at.
std::string base64_decoded(std::string_view text, std::size_t& read)
{
    std::string letters;
    std::size_t& i = read;
    for (i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (is_base64(c))
            letters += c == '-' ? '+' : c == '_' ? '/' : c;
        else if (text.compare(i, 3, "\xE2\x80\x8B") == 0 ||
                 text.compare(i, 3, "\xEF\xBB\xBF") == 0 || text.compare(i, 3, "\xE2\x80\x8C") == 0)
            i += 2;
        else if (text.compare(i, 2, "\xC2\xA0") == 0 || text.compare(i, 2, "!\n") == 0)
            ++i;
        else if (!g_ascii_isspace(c) && c != '>' && c != '*')
            break;
    }
    letters.resize(letters.size() / 4 * 4 + (letters.size() % 4 == 1 ? 0 : letters.size() % 4));
    letters.append((4 - letters.size() % 4) % 4, '=');
    gsize size = 0;
    if (letters.empty())
        return "";
    g_base64_decode_inplace(letters.data(), &size);
    letters.resize(size);
    return to_utf8(letters, "");
}

// Where base64 may begin: a long run of its letters; or "1.0", a byte order mark, or "{" and what
// may follow it; the same in UTF-16LE.
bool is_base64_start(std::string_view text, std::size_t at)
{
    constexpr std::array anchors = {"MS4w", "77u/", "eyJ",      "ewo",  "ew0",
                                    "eyA",  "eyB",  "MQAuADAA", "ewAiA"};
    constexpr std::size_t long_run = 40;
    const std::string_view run = text.substr(at, long_run);
    if ((at == 0 || !is_base64(text[at - 1])) && run.size() == long_run &&
        std::all_of(run.begin(), run.end(), is_base64))
        return true;
    return std::any_of(anchors.begin(), anchors.end(),
                       [&](std::string_view anchor) { return run.starts_with(anchor); });
}

constexpr std::size_t longest_reference = 12;

// Postfix breaks a long line anywhere, in &quot; too.
std::string without_broken_references(std::string_view html)
{
    return rewritten(
        html, [](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
            const auto end = t[at] == '&' ? t.substr(at, longest_reference).find_first_of("&;", 1)
                                          : std::string_view::npos;
            if (end == std::string_view::npos || t[at + end] == '&')
                return 0;
            for (const char c : t.substr(at, end))
                if (!g_ascii_isspace(c))
                    result += c;
            return end;
        });
}

// No program wraps lines there; who breaks them does it because they are too long (RFC 5322 2.1.1).
bool has_long_line(std::string_view text)
{
    constexpr std::size_t longest_wrapped = 900;
    for (std::size_t start = 0; start < text.size();) {
        const auto end = std::min(text.find('\n', start), text.size());
        if (end - start > longest_wrapped)
            return true;
        start = end + 1;
    }
    return false;
}

// RFC 3986 2.1; a line break may have come into an octet's three letters.
std::string percent_decoded(std::string_view text)
{
    return rewritten(text,
                     [](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
                         if (t[at] != '%')
                             return 0;
                         const auto behind_break = [&](std::size_t i) {
                             return i < t.size() && (t[i] == '\n' || t[i] == '\v' || t[i] == '\r')
                                        ? std::min(t.find_first_not_of(" \t\n\v\r", i), t.size())
                                        : i;
                         };
                         const auto high = behind_break(at + 1), low = behind_break(high + 1);
                         if (low >= t.size() || hex_value(t[high]) < 0 || hex_value(t[low]) < 0)
                             return 0;
                         result += static_cast<char>(hex_value(t[high]) * 16 + hex_value(t[low]));
                         return low + 1 - at;
                     });
}

} // namespace

Texts undo_base64(const std::string& text)
{
    constexpr std::size_t most_blocks = 8, some_letters = 100;
    std::size_t letters_left = 2'000'000;
    Texts texts;
    for (std::size_t at = 0;
         at < text.size() && texts.size() < most_blocks && letters_left > some_letters; ++at) {
        if (!is_base64_start(text, at))
            continue;
        std::size_t read = 0;
        letters_left -= some_letters;
        if (!is_text(base64_decoded(std::string_view(text).substr(at, some_letters), read)))
            continue;
        std::string decoded = base64_decoded(
            std::string_view(text).substr(at, std::min(longest_request, letters_left)), read);
        letters_left -= std::min(letters_left, read);
        for (const char* sign : {"offer", "%22", "&quot;", "MS4w", "eyJ"})
            if (contains(decoded, sign)) {
                at += decoded.size(); // inside it are no others
                texts.push_back(std::move(decoded));
                break;
            }
    }
    return texts;
}

Texts undo_entities(const std::string& text)
{
    return unless_same(text, without_references(without_broken_references(text)));
}

// "=" and blanks at a line's end are a soft break too. A text that holds "=" undone isn't encoded:
// "a=candidate" would become rubbish.
Texts undo_quoted_printable(const std::string& text)
{
    const bool is_encoded = contains(text, "=3D") || contains(text, "=3d");
    return unless_same(
        text,
        rewritten(text,
                  [&](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
                      if (t[at] != '=')
                          return 0;
                      const auto end = std::min(t.find_first_not_of(" \t", at + 1), t.size());
                      if (end == t.size() || t[end] == '\r' || t[end] == '\n')
                          return end + (t.compare(end, 2, "\r\n") == 0 ? 2 : end < t.size()) - at;
                      if (!is_encoded || at + 2 >= t.size() || hex_value(t[at + 1]) < 0 ||
                          hex_value(t[at + 2]) < 0)
                          return 0;
                      result += static_cast<char>(hex_value(t[at + 1]) * 16 + hex_value(t[at + 2]));
                      return 3;
                  }));
}

Texts undo_percent(const std::string& text) { return unless_same(text, percent_decoded(text)); }

Texts undo_plus_for_blank(const std::string& text)
{
    if (!contains(text, "%22") || !contains(text, "+") || contains(text, "%20"))
        return {};
    std::string blanks = text;
    std::replace(blanks.begin(), blanks.end(), '+', ' ');
    return {percent_decoded(blanks)};
}

Texts undo_json_literal(const std::string& text)
{
    if (!contains(text, "{\\\"") && !contains(text, "{\\\\") && !contains(text, "\\\"offer\\\""))
        return {};
    return unless_same(
        text,
        rewritten(text, [](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
            if (t[at] != '\\' || at + 1 >= t.size())
                return 0;
            switch (const char c = t[at + 1]) {
            case 'n': result += '\n'; return 2;
            case 'r': result += '\r'; return 2;
            case 't': result += '\t'; return 2;
            case '"':
            case '\\':
            case '/': result += c; return 2;
            default: return 0;
            }
        }));
}

Texts undo_mojibake(const std::string& text)
{
    if (!contains(text, "\u00e2") && !contains(text, "\u00c2") && !contains(text, "\u00ef\u00bb"))
        return {};
    static const auto bytes = [] {
        std::map<gunichar, char> map{{0xFFFD, '\x9d'}}; // of a closing quote, lost
        for (unsigned byte = 0x80; byte < 0x100; ++byte)
            map[byte] = map[windows_1252(static_cast<unsigned char>(byte))] =
                static_cast<char>(byte);
        return map;
    }();
    const std::string octets =
        rewritten(text, [](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
            const auto byte = bytes.find(
                g_utf8_get_char_validated(t.data() + at, static_cast<gssize>(t.size() - at)));
            if (byte == bytes.end())
                return 0;
            result += byte->second;
            return static_cast<std::size_t>(g_unichar_to_utf8(byte->first, nullptr));
        });
    return unless_same(text, to_utf8(octets, "utf-8"));
}

Texts undo_html(const std::string& html)
{
    Texts sources = undo_quoted_printable(html);
    sources.insert(sources.begin(), html);
    Texts texts;
    for (const std::string& source : sources) {
        // A line break in the source is a blank. A mail system that breaks long lines, and a
        // gateway that wraps the source, put some inside words too. Which of them is for the line
        // mender to say.
        const std::string whole = without_broken_references(source);
        const bool has_breaks = contains(source, "\n");
        if (!has_breaks || !has_long_line(source))
            texts.push_back(html_to_text(whole, SourceBreaks::blank));
        if (has_breaks)
            texts.push_back(html_to_text(whole, SourceBreaks::marked));
    }
    return texts;
}

Texts undo_html_source(const std::string& text)
{
    const bool is_html = contains(text, "</") || contains(text, "<br") || contains(text, "<BR") ||
                         contains(text, "<p>");
    return is_html && !contains(text, "\x01")
               ? undo_html(text)
               : Texts{}; // a line that is left out must not get lost in a tag
}
