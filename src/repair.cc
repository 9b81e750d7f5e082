#include "repair.hh"

#include "charset.hh"
#include "handle.hh"

#include <algorithm>
#include <array>
#include <map>

namespace {

using Texts = std::vector<std::string>;

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

Texts unless_same(const std::string& text, std::string changed) { return changed == text ? Texts{} : Texts{std::move(changed)}; }

// Copies the text; at each place `rewrite` may append something else instead and say how many octets it took, or 0.
template <class Rewrite> std::string rewritten(std::string_view text, Rewrite rewrite)
{
    std::string result;
    result.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t taken = rewrite(text, at, result);
        if (taken == 0)
            result += text[at];
        at += std::max<std::size_t>(taken, 1);
    }
    return result;
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to)
{
    return rewritten(text, [&](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
        if (t.compare(at, from.size(), from) != 0)
            return 0;
        result += to;
        return from.size();
    });
}

int hex_value(char c) { return g_ascii_xdigit_value(c); }

// --- the repairs

enum class Meaning { itself, nothing, blank, line_break, quote, backslash };

Meaning meaning_of(gunichar c)
{
    switch (c) {
    case 0x00AD: // soft hyphen
    case 0x061C:
    case 0xFEFF: // byte order mark (iOS Mail)
        return Meaning::nothing;
    case 0x201C: case 0x201D: case 0x201E: case 0x201F: case 0x00AB: case 0x00BB: // typographic quotes
    case 0x2033: case 0x2036: case 0x301D: case 0x301E: case 0x301F: case 0xFF02:
        return Meaning::quote;
    case 0x2028: case 0x2029: case 0x0085: case 0x000B: case 0x000C:
        return Meaning::line_break;
    case 0xFF3C: // full-width
        return Meaning::backslash;
    case 0x200B: case 0x200C: case 0x200D: case 0x200E: case 0x200F: // zero width (Teams, Delta Chat), direction marks
        return Meaning::nothing;
    default:
        if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2064) || (c >= 0x2066 && c <= 0x2069))
            return Meaning::nothing;
        return c > 0x7F && g_unichar_type(c) == G_UNICODE_SPACE_SEPARATOR ? Meaning::blank : Meaning::itself;
    }
}

// Word processors' quotes, 163.com's no-break spaces, iOS Mail's byte order marks, Teams' zero-width spaces; Shift_JIS' yen sign, where 0x5C was.
Texts undo_typography(const std::string& text)
{
    const bool is_ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80 && c != '\v' && c != '\f'; });
    if (is_ascii)
        return {};
    const bool has_backslash = contains(text, "\\");
    return unless_same(text, rewritten(text, [&](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
        const char* here = t.data() + at;
        if (g_ascii_isprint(*here) || *here == '\n')
            return 0;
        const gunichar c = g_utf8_get_char_validated(here, static_cast<gssize>(t.size() - at));
        if (c == static_cast<gunichar>(-1) || c == static_cast<gunichar>(-2))
            return 0;
        const auto length = static_cast<std::size_t>(g_utf8_skip[static_cast<unsigned char>(*here)]);
        switch (!has_backslash && (c == 0x00A5 || c == 0x20A9) ? Meaning::backslash : meaning_of(c)) {
        case Meaning::itself: result.append(here, length); break;
        case Meaning::nothing: break;
        case Meaning::blank: result += ' '; break;
        case Meaning::line_break: result += '\n'; break;
        case Meaning::quote: result += '"'; break;
        case Meaning::backslash: result += '\\'; break;
        }
        return length;
    }));
}

bool is_base64(char c, bool url) { return g_ascii_isalnum(c) || (url ? c == '-' || c == '_' : c == '+' || c == '/'); }

// RFC 4648 4 and 5, from an anchor on: wrapped, quoted, with zero-width characters and scanners' marks between the lines, ending at whatever is foreign.
std::string base64_decoded(std::string_view text)
{
    std::string letters;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (is_base64(c, false) || is_base64(c, true))
            letters += c == '-' ? '+' : c == '_' ? '/' : c;
        else if (text.compare(i, 3, "\xE2\x80\x8B") == 0 || text.compare(i, 3, "\xEF\xBB\xBF") == 0 || text.compare(i, 3, "\xE2\x80\x8C") == 0)
            i += 2;
        else if (text.compare(i, 2, "\xC2\xA0") == 0 || text.compare(i, 2, "!\n") == 0 || text.compare(i, 3, "!\r\n") == 0)
            ++i;
        else if (!g_ascii_isspace(c) && c != '>')
            break;
    }
    letters.resize(letters.size() / 4 * 4 + (letters.size() % 4 == 1 ? 0 : letters.size() % 4));
    letters.append((4 - letters.size() % 4) % 4, '=');
    gsize size = 0;
    if (letters.empty())
        return "";
    g_base64_decode_inplace(letters.data(), &size);
    letters.resize(size);
    return letters;
}

// The chatbot's second form, and a body whose Content-Transfer-Encoding was lost.
Texts undo_base64(const std::string& text)
{
    constexpr std::size_t most_blocks = 8, longest_block = 200000; // the broker takes 100 000 octets
    // "1.0", a byte order mark, and "{" before what may follow it; the same in UTF-16LE.
    constexpr std::array<std::string_view, 9> anchors = {"MS4w", "77u/", "eyJ", "ewo", "ew0", "eyA", "eyB", "MQAuADAA", "ewAiA"};
    Texts texts;
    std::size_t at = 0;
    while (texts.size() < most_blocks) {
        std::size_t start = std::string::npos;
        for (const auto anchor : anchors)
            start = std::min(start, text.find(anchor, at));
        if (start == std::string::npos)
            break;
        at = start + 1;
        std::string decoded = to_utf8(base64_decoded(std::string_view(text).substr(start, longest_block)), "");
        if (contains(decoded, "offer") || contains(decoded, "%22") || contains(decoded, "&quot;")) {
            texts.push_back(std::move(decoded));
            at = std::min(text.size(), start + texts.back().size()); // inside it are no others
        }
    }
    return texts;
}

// Outlook and Exchange: 8.8.8.8<http://8.8.8.8>, 987654321<tel:987654321>, and what Safe Links makes of them; Teams: 8.8.8.8 [http://8.8.8.8].
Texts undo_links(const std::string& text)
{
    if (!contains(text, ":"))
        return {};
    const auto is_scheme = [](std::string_view t) {
        for (std::string_view scheme : {"http:", "https:", "tel:", "file:", "mailto:", "ftp:"})
            if (t.size() > scheme.size() && g_ascii_strncasecmp(t.data(), scheme.data(), scheme.size()) == 0)
                return true;
        return false;
    };
    return unless_same(text, rewritten(text, [&](std::string_view t, std::size_t at, std::string&) -> std::size_t {
        constexpr std::size_t longest_link = 2000;
        const std::size_t open = t[at] == ' ' && at + 1 < t.size() && t[at + 1] == '[' ? at + 1 : at;
        if ((t[open] != '<' && t[open] != '[') || !is_scheme(t.substr(open + 1, 8)))
            return 0;
        const auto close = t.substr(open, longest_link).find(t[open] == '<' ? '>' : ']');
        return close == std::string_view::npos ? 0 : open + close + 1 - at;
    }));
}

// Entities left in text/plain (QQ), or escaped twice.
Texts undo_entities(const std::string& text)
{
    if (!contains(text, "&quot;") && !contains(text, "&#34;") && !contains(text, "&#x22;") && !contains(text, "&nbsp;") && !contains(text, "&amp;"))
        return {};
    static const std::map<std::string_view, std::string_view> named = {{"quot", "\""}, {"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"apos", "'"}, {"nbsp", " "}, {"bsol", "\\"}};
    return unless_same(text, rewritten(text, [](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
        if (t[at] != '&')
            return 0;
        const auto end = t.substr(at, 12).find(';');
        if (end == std::string_view::npos)
            return 0;
        const std::string name(t.substr(at + 1, end - 1));
        if (const auto entity = named.find(name); entity != named.end()) {
            result += entity->second;
        } else if (name.size() > 1 && name[0] == '#') {
            const bool hex = name[1] == 'x' || name[1] == 'X';
            const auto code = g_ascii_strtoull(name.c_str() + (hex ? 2 : 1), nullptr, hex ? 16 : 10);
            if (code > 0 && code < 0x110000 && g_unichar_validate(static_cast<gunichar>(code))) {
                std::array<char, 6> octets;
                result.append(octets.data(), static_cast<std::size_t>(g_unichar_to_utf8(static_cast<gunichar>(code), octets.data())));
            }
        } else {
            return 0;
        }
        return end + 1;
    }));
}

// RFC 2045 6.7, where the header that says so was lost, or done twice. A text that holds "=" undone isn't encoded: "a=candidate" would become rubbish.
Texts undo_quoted_printable(const std::string& text)
{
    const bool is_encoded = contains(text, "=3D") || contains(text, "=3d");
    if (!is_encoded && !contains(text, "=\n") && !contains(text, "=\r\n"))
        return {};
    return unless_same(text, rewritten(text, [&](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
        if (t[at] != '=')
            return 0;
        auto end = at + 1;
        while (end < t.size() && (t[end] == ' ' || t[end] == '\t'))
            ++end;
        if (end < t.size() && t[end] == '\r')
            ++end;
        if (end >= t.size() || t[end] == '\n')
            return std::min(end + 1, t.size()) - at;
        if (!is_encoded || at + 2 >= t.size() || hex_value(t[at + 1]) < 0 || hex_value(t[at + 2]) < 0)
            return 0;
        result += static_cast<char>(hex_value(t[at + 1]) * 16 + hex_value(t[at + 2]));
        return 3;
    }));
}

std::string percent_decoded(std::string_view text)
{
    return rewritten(text, [](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
        if (t[at] != '%' || at + 2 >= t.size() || hex_value(t[at + 1]) < 0 || hex_value(t[at + 2]) < 0)
            return 0;
        result += static_cast<char>(hex_value(t[at + 1]) * 16 + hex_value(t[at + 2]));
        return 3;
    });
}

std::string without_breaks(std::string text)
{
    text.erase(std::remove_if(text.begin(), text.end(), [](char c) { return g_ascii_isspace(c); }), text.end());
    return text;
}

// A mailto: link or its body, pasted (RFC 6068); wrapped, or encoded twice.
Texts undo_percent(const std::string& text)
{
    const auto is_encoded = [](std::string_view t) { return contains(t, "%22") || contains(t, "%7B") || contains(t, "%7b") || contains(t, "%257"); };
    Texts texts;
    if (is_encoded(text))
        texts.push_back(percent_decoded(text));
    if (contains(text, "%20") || (is_encoded(text) && contains(text, "+")))
        if (std::string unbroken = without_breaks(text); unbroken != text && is_encoded(unbroken))
            texts.push_back(percent_decoded(unbroken));
    return texts;
}

// A form's encoding of blanks (application/x-www-form-urlencoded), where a real "+" is %2B.
Texts undo_plus_for_blank(const std::string& text)
{
    if (!contains(text, "%22") || !contains(text, "+") || contains(text, "%20"))
        return {};
    std::string blanks = without_breaks(text);
    std::replace(blanks.begin(), blanks.end(), '+', ' ');
    return {percent_decoded(blanks)};
}

// The request as a JSON string literal, as programs print it: {\"offer\":\"{\\\"sdp...
Texts undo_json_literal(const std::string& text)
{
    if (!contains(text, "{\\\"") && !contains(text, "\\\"offer\\\""))
        return {};
    return unless_same(text, rewritten(text, [](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
        if (t[at] != '\\' || at + 1 >= t.size())
            return 0;
        switch (const char c = t[at + 1]) {
        case 'n': result += '\n'; return 2;
        case 'r': result += '\r'; return 2;
        case 't': result += '\t'; return 2;
        case '"': case '\\': case '/': result += c; return 2;
        default: return 0;
        }
    }));
}

// The inner level of backslashes, that a shell's echo took: {"offer":"{"sdp":"v=0\r\n...","type":"offer"}",...
Texts undo_halved_backslashes(const std::string& text)
{
    const auto start = text.find("\"{\"");
    const auto end = text.find("\"}\"", start);
    if (start == std::string::npos || end == std::string::npos)
        return {};
    std::string inner = text.substr(start + 1, end + 1 - start);
    inner = replaced(replaced(inner, "\\", "\\\\"), "\"", "\\\"");
    return {text.substr(0, start + 1) + inner + text.substr(end + 2)};
}

// Gmail's *bold* in its text/plain part.
Texts undo_asterisks(const std::string& text)
{
    if (!contains(text, "offer"))
        return {};
    std::string plain = replaced(text, "WMS *\\", "WMS \x01\\");
    plain.erase(std::remove(plain.begin(), plain.end(), '*'), plain.end());
    return unless_same(text, replaced(plain, "\x01", "*"));
}

// The object as Python prints it.
Texts undo_single_quotes(const std::string& text)
{
    return contains(text, "'offer'") ? Texts{replaced(text, "'", "\"")} : Texts{};
}

// sendmail ends a line that is too long with "!" and goes on in the next.
Texts undo_sendmail_break(const std::string& text)
{
    return unless_same(text, replaced(replaced(replaced(replaced(text, "\r\n", "\n"), "!\n ", ""), "!\n", ""), "\n!", "\n"));
}

// The dots that SMTP doubles at the start of a line (RFC 5321 4.5.2), left so.
Texts undo_dot_stuffing(const std::string& text) { return unless_same(text, replaced(text, "\n..", "\n.")); }

// UTF-8 that was taken for windows-1252, and encoded again.
Texts undo_mojibake(const std::string& text)
{
    if (!contains(text, "\xC3\xA2\xE2\x82\xAC") && !contains(text, "\xC3\x82") && !contains(text, "\xC3\xAF\xC2\xBB"))
        return {};
    gsize size = 0;
    const GString8 octets(g_convert_with_fallback(text.data(), static_cast<gssize>(text.size()), "WINDOWS-1252", "UTF-8", "?", nullptr, &size, nullptr));
    return octets ? unless_same(text, to_utf8({octets.get(), size}, "utf-8")) : Texts{};
}

// Full-width letters and braces of East Asian input methods (Unicode's compatibility forms).
Texts undo_full_width(const std::string& text)
{
    if (!contains(text, "\xEF\xBC") && !contains(text, "\xEF\xBD"))
        return {};
    const GString8 normal(g_utf8_normalize(text.data(), static_cast<gssize>(text.size()), G_NORMALIZE_NFKC));
    return normal ? unless_same(text, normal.get()) : Texts{};
}

std::size_t quote_prefix(std::string_view line)
{
    std::size_t length = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '>')
            length = i + 1;
        else if (line[i] != ' ')
            break;
    }
    return length > 0 && length < line.size() && line[length] == ' ' ? length + 1 : length;
}

template <class Take> void for_each_line(std::string_view text, Take take)
{
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
        take(text.substr(0, end));
        text.remove_prefix(end);
    }
}

} // namespace

const std::vector<Repair>& repairs()
{
    static const std::vector<Repair> all = {
        {"typography", Origin::exact, undo_typography},
        {"base64", Origin::exact, undo_base64},
        {"quoted-printable", Origin::exact, undo_quoted_printable},
        {"entities", Origin::exact, undo_entities},
        {"percent", Origin::exact, undo_percent},
        {"json-literal", Origin::exact, undo_json_literal},
        {"plus-for-blank", Origin::guessed, undo_plus_for_blank},
        {"links", Origin::guessed, undo_links},
        {"sendmail-break", Origin::guessed, undo_sendmail_break},
        {"halved-backslashes", Origin::guessed, undo_halved_backslashes},
        {"single-quotes", Origin::guessed, undo_single_quotes},
        {"asterisks", Origin::guessed, undo_asterisks},
        {"mojibake", Origin::guessed, undo_mojibake},
        {"full-width", Origin::guessed, undo_full_width},
        {"dot-stuffing", Origin::guessed, undo_dot_stuffing},
    };
    return all;
}

std::string own_lines(std::string_view text)
{
    // Something foreign stays in a quoted line's place, lest what stood around it grows together to a request that nobody wrote.
    std::string own;
    for_each_line(text, [&](std::string_view line) { own += quote_prefix(line) > 0 ? "\x01\n" : line; });
    return own;
}

std::string unquoted_lines(std::string_view text)
{
    std::string all;
    for_each_line(text, [&](std::string_view line) { all += line.substr(quote_prefix(line)); });
    return all;
}
