#include "repair.hh"

#include "charset.hh"
#include "handle.hh"
#include "html.hh"

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

constexpr std::size_t longest_request = 200'000; // with its escapes or as base64; the broker takes 100 000 octets

// --- the repairs

// What a character that word processors, phones and sanitizers put in stands for; nullptr: itself.
const char* meaning_of(gunichar c)
{
    switch (c) {
    case 0x00AD: // soft hyphen
    case 0x061C:
    case 0x200B:
    case 0x200C:
    case 0x200D:
    case 0x200E:
    case 0x200F: // zero width (Teams, Delta Chat), direction marks
    case 0xFEFF: // byte order mark (iOS Mail)
        return "";
    case 0x00AB:
    case 0x00BB:
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0x201F:
    case 0x2033:
    case 0x2036:
    case 0x301D:
    case 0x301E:
    case 0x301F: return "\"";
    case 0x2018:
    case 0x2019:
    case 0x201A:
    case 0x201B:
    case 0x2032: return "'";
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2212: return "-";
    case 0x2026: return "...";
    case 0x2028:
    case 0x2029:
    case 0x0085:
    case 0x000B:
    case 0x000C: return "\n";
    default:
        if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2064) || (c >= 0x2066 && c <= 0x2069))
            return "";
        return c > 0x7F && g_unichar_type(c) == G_UNICODE_SPACE_SEPARATOR ? " " : nullptr;
    }
}

// Word processors' quotes, 163.com's no-break spaces, iOS Mail's byte order marks, Teams' zero-width spaces, full-width letters;
// Shift_JIS' yen sign, where 0x5C was.
Texts undo_typography(const std::string& text)
{
    const bool is_ascii =
        std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80 && c != '\v' && c != '\f'; });
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
                           if (c > 0xFF00 && c < 0xFF5F) // full-width ASCII of East Asian input methods
                               result += static_cast<char>(c - 0xFEE0);
                           else if (const char* meaning = !has_backslash && (c == 0x00A5 || c == 0x20A9) ? "\\" : meaning_of(c))
                               result += meaning;
                           else
                               result.append(here, length);
                           return length;
                       }));
}

bool is_base64(char c) { return g_ascii_isalnum(c) || c == '+' || c == '/' || c == '-' || c == '_'; }

// Noise has a control character or an undecodable one every few letters.
bool is_text(std::string_view text)
{
    const auto odd =
        std::count_if(text.begin(), text.end(), [](char c) { return (g_ascii_iscntrl(c) && !g_ascii_isspace(c)) || c == '\xef'; });
    return odd <= 2;
}

// RFC 4648 4 and 5: wrapped, quoted, with zero-width characters and scanners' marks between the lines, ending at whatever is foreign.
std::string base64_decoded(std::string_view text)
{
    std::string letters;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (is_base64(c))
            letters += c == '-' ? '+' : c == '_' ? '/' : c;
        else if (text.compare(i, 3, "\xE2\x80\x8B") == 0 || text.compare(i, 3, "\xEF\xBB\xBF") == 0 ||
                 text.compare(i, 3, "\xE2\x80\x8C") == 0)
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

// Where base64 may begin: a long run of its letters; or "1.0", a byte order mark, or "{" and what may follow it; the same in UTF-16LE.
bool is_base64_start(std::string_view text, std::size_t at)
{
    constexpr std::array anchors = {"MS4w", "77u/", "eyJ", "ewo", "ew0", "eyA", "eyB", "MQAuADAA", "ewAiA"};
    constexpr std::size_t long_run = 40;
    const std::string_view run = text.substr(at, long_run);
    if ((at == 0 || !is_base64(text[at - 1])) && run.size() == long_run && std::all_of(run.begin(), run.end(), is_base64))
        return true;
    return std::any_of(anchors.begin(), anchors.end(), [&](std::string_view anchor) { return run.starts_with(anchor); });
}

// The chatbot's second form, and a body whose Content-Transfer-Encoding was lost.
Texts undo_base64(const std::string& text)
{
    constexpr std::size_t most_blocks = 8, some_letters = 100;
    std::size_t letters_left = 2'000'000;
    Texts texts;
    for (std::size_t at = 0; at < text.size() && texts.size() < most_blocks && letters_left > some_letters; ++at) {
        if (!is_base64_start(text, at))
            continue;
        letters_left -= some_letters;
        if (!is_text(base64_decoded(std::string_view(text).substr(at, some_letters))))
            continue;
        const std::string_view block = std::string_view(text).substr(at, std::min(longest_request, letters_left));
        letters_left -= block.size();
        std::string decoded = base64_decoded(block);
        for (const char* sign : {"offer", "%22", "&quot;", "MS4w", "eyJ"})
            if (contains(decoded, sign)) {
                at += decoded.size(); // inside it are no others
                texts.push_back(std::move(decoded));
                break;
            }
    }
    return texts;
}

// Outlook and Exchange: 8.8.8.8<http://8.8.8.8>, 987654321<tel:987654321>, and what Safe Links makes of them; Gmail: 8.8.8.8
// <http://8.8.8.8>; Teams: 8.8.8.8 [http://8.8.8.8]; Proofpoint: 8.8.8.8 [8.8.8.8]<https://urldefense...>. What stands before the bracket
// is kept.
Texts undo_links(const std::string& text)
{
    constexpr std::size_t longest_link = 2000, longest_word = 64, longest_gap = 6;
    const auto is_link = [](std::string_view t, std::string_view word) {
        for (std::string_view scheme : {"http:", "https:", "tel:", "file:", "mailto:", "ftp:"})
            if (t.size() > scheme.size() && g_ascii_strncasecmp(t.data(), scheme.data(), scheme.size()) == 0)
                return true;
        return word.size() > 3 && t.starts_with(word);
    };
    return unless_same(text, rewritten(text, [&](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
                           if (t[at] != '<' && t[at] != '[')
                               return 0;
                           // No link has a bracket, a quote, a backslash, or a line that is left out.
                           const std::string_view link = t.substr(at + 1, longest_link);
                           const auto close = link.find_first_of("<>[]\"\\\x01");
                           if (close == std::string_view::npos || link[close] != (t[at] == '<' ? '>' : ']'))
                               return 0;
                           std::string_view before = result;
                           before.remove_prefix(before.size() - std::min(before.size(), longest_word + longest_gap));
                           const auto word_end = before.find_last_not_of(" \n") + 1,
                                      word_start = before.find_last_of(" \n", word_end - 1) + 1;
                           if (!is_link(link, before.substr(word_start, word_end - word_start)))
                               return 0;
                           result.resize(result.size() - std::min(before.size() - word_end, longest_gap));
                           return close + 2;
                       }));
}

constexpr std::size_t longest_reference = 12;

// Postfix breaks a long line anywhere, in &quot; too.
std::string without_broken_references(std::string_view html)
{
    return rewritten(html, [](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
        const auto end = t[at] == '&' ? t.substr(at, longest_reference).find(';') : std::string_view::npos;
        if (end == std::string_view::npos)
            return 0;
        for (const char c : t.substr(at, end))
            if (!g_ascii_isspace(c))
                result += c;
        return end;
    });
}

// Entities left in text/plain (QQ), or escaped twice.
Texts undo_entities(const std::string& text)
{
    if (!contains(text, "&"))
        return {};
    static const std::map<std::string_view, std::string_view> named = {{"quot", "\""}, {"amp", "&"},  {"lt", "<"},   {"gt", ">"},
                                                                       {"apos", "'"},  {"nbsp", " "}, {"bsol", "\\"}};
    return unless_same(
        text, rewritten(without_broken_references(text), [](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
            const auto end = t[at] == '&' ? t.substr(at, longest_reference).find(';') : std::string_view::npos;
            if (end == std::string_view::npos)
                return 0;
            const std::string name(t.substr(at + 1, end - 1));
            if (const auto entity = named.find(name); entity != named.end()) {
                result += entity->second;
            } else if (name.starts_with('#')) {
                const bool hex = name.starts_with("#x") || name.starts_with("#X");
                append_utf8(result, static_cast<char32_t>(g_ascii_strtoull(name.c_str() + (hex ? 2 : 1), nullptr, hex ? 16 : 10)));
            } else {
                return 0;
            }
            return end + 1;
        }));
}

// RFC 2045 6.7, where the header that says so was lost, or done twice; "=" and blanks at a line's end, a soft break too. A text that
// holds "=" undone isn't encoded: "a=candidate" would become rubbish.
Texts undo_quoted_printable(const std::string& text)
{
    const bool is_encoded = contains(text, "=3D") || contains(text, "=3d");
    return unless_same(text, rewritten(text, [&](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
                           if (t[at] != '=')
                               return 0;
                           const auto end = std::min(t.find_first_not_of(" \t", at + 1), t.size());
                           if (end == t.size() || t[end] == '\r' || t[end] == '\n')
                               return end + (t.compare(end, 2, "\r\n") == 0 ? 2 : end < t.size()) - at;
                           if (!is_encoded || at + 2 >= t.size() || hex_value(t[at + 1]) < 0 || hex_value(t[at + 2]) < 0)
                               return 0;
                           result += static_cast<char>(hex_value(t[at + 1]) * 16 + hex_value(t[at + 2]));
                           return 3;
                       }));
}

// RFC 3986 2.1; a line break may have come into an octet's three letters.
std::string percent_decoded(std::string_view text)
{
    return rewritten(text, [](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
        if (t[at] != '%')
            return 0;
        const auto high = std::min(t.find_first_not_of("\r\n", at + 1), t.size()),
                   low = std::min(t.find_first_not_of("\r\n", high + 1), t.size());
        if (low >= t.size() || hex_value(t[high]) < 0 || hex_value(t[low]) < 0)
            return 0;
        result += static_cast<char>(hex_value(t[high]) * 16 + hex_value(t[low]));
        return low + 1 - at;
    });
}

// A mailto: link or its body, pasted (RFC 6068); maybe wrapped, maybe encoded twice.
Texts undo_percent(const std::string& text) { return unless_same(text, percent_decoded(text)); }

// A form's encoding of blanks (application/x-www-form-urlencoded), where a real "+" is %2B.
Texts undo_plus_for_blank(const std::string& text)
{
    if (!contains(text, "%22") || !contains(text, "+") || contains(text, "%20"))
        return {};
    std::string blanks = text;
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
                           case '"':
                           case '\\':
                           case '/': result += c; return 2;
                           default: return 0;
                           }
                       }));
}

// The inner level of backslashes, that a shell's echo took: {"offer":"{"sdp":"v=0\r\n...","type":"offer"}",...
Texts undo_halved_backslashes(const std::string& text)
{
    const auto start = text.find("\"{\"");
    const auto end = text.find("\"}\"", start);
    if (start == std::string::npos || end == std::string::npos || end - start > longest_request)
        return {};
    return {text.substr(0, start + 1) +
            rewritten(std::string_view(text).substr(start + 1, end + 1 - start),
                      [](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
                          if (t[at] == '"' || t[at] == '\\')
                              result += '\\';
                          return 0;
                      }) +
            text.substr(end + 2)};
}

// Gmail's *bold* in its text/plain part. One asterisk may be the client's: "a=msid-semantic:WMS *".
Texts undo_asterisks(const std::string& text)
{
    if (!contains(text, "offer"))
        return {};
    return unless_same(text, rewritten(text, [](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
                           const bool is_meant = result.ends_with("WMS") || result.ends_with("WMS ") || result.ends_with("WMS\n");
                           return t[at] == '*' && !is_meant;
                       }));
}

// The object as Python prints it: {'offer': '{"type":"offer",...
Texts undo_single_quotes(const std::string& text)
{
    const auto start = text.find("{'");
    if (start == std::string::npos || !contains(text, "'offer'"))
        return {};
    char quote = 0; // that the string began with
    return {text.substr(0, start) +
            rewritten(std::string_view(text).substr(start), [&](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
                const char c = t[at];
                if (quote != 0 && c == '\\') {
                    result += t.substr(at, 2);
                    return 2;
                }
                if (c != '"' && c != '\'')
                    return 0;
                if (quote != 0 && c != quote) {
                    result += c == '"' ? "\\\"" : "'";
                    return 1;
                }
                quote = quote == 0 ? c : 0;
                result += '"';
                return 1;
            })};
}

// sendmail ends a line that is too long with "!" and goes on in the next.
Texts undo_sendmail_break(const std::string& text) { return unless_same(text, replaced(replaced(text, "!\r\n", "\n"), "!\n", "\n")); }

// A dot that SMTP doubled at the start of a line (RFC 5321 4.5.2); the line may have become a part of another since. No address has two
// in a row.
Texts undo_dot_stuffing(const std::string& text)
{
    return unless_same(text, rewritten(text, [](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
                           const auto dots = t[at] == '.' ? std::min(t.find_first_not_of('.', at), t.size()) - at : 0;
                           result.append(dots == 2 || dots == 4 ? dots - 1 : dots, '.');
                           return dots;
                       }));
}

// UTF-8 that was taken for windows-1252 or ISO-8859-1, and encoded again.
Texts undo_mojibake(const std::string& text)
{
    if (!contains(text, "\u00e2") && !contains(text, "\u00c2") && !contains(text, "\u00ef\u00bb"))
        return {};
    static const auto bytes = [] {
        std::map<gunichar, char> map{{0xFFFD, '\x9d'}}; // of a closing quote, lost
        for (unsigned byte = 0x80; byte < 0x100; ++byte)
            map[byte] = map[windows_1252(static_cast<unsigned char>(byte))] = static_cast<char>(byte);
        return map;
    }();
    const std::string octets = rewritten(text, [](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
        const auto byte = bytes.find(g_utf8_get_char_validated(t.data() + at, static_cast<gssize>(t.size() - at)));
        if (byte == bytes.end())
            return 0;
        result += byte->second;
        return static_cast<std::size_t>(g_unichar_to_utf8(byte->first, nullptr));
    });
    return unless_same(text, to_utf8(octets, "utf-8"));
}

struct Prefix {
    std::size_t length = 0;
    int depth = 0;
};

Prefix quote_prefix(std::string_view line)
{
    Prefix prefix;
    for (std::size_t i = 0; i < line.size() && (line[i] == ' ' || line[i] == '>' || line[i] == '|'); ++i)
        if (line[i] != ' ')
            prefix = {i + 1, prefix.depth + 1};
    prefix.length += prefix.depth > 0 && prefix.length < line.size() && line[prefix.length] == ' ';
    return prefix;
}

// HTML source shown as text: under a wrong type, or in base64 whose header was lost.
Texts undo_html_source(const std::string& text)
{
    const bool is_html = contains(text, "</") || contains(text, "<br") || contains(text, "<BR") || contains(text, "<p>");
    return is_html && !contains(text, "\x01") ? undo_html(text) : Texts{}; // a line that is left out must not get lost in a tag
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

std::vector<std::string> undo_html(const std::string& html)
{
    Texts sources = undo_quoted_printable(html);
    sources.insert(sources.begin(), html);
    for (std::string& source : sources)
        // A line break in the source is a blank; a gateway that wraps the source puts some inside words. Which of them is for the line
        // mender to say.
        source = html_to_text(without_broken_references(source), SourceBreaks::newline);
    return sources;
}

const std::vector<Repair>& repairs()
{
    static const std::vector<Repair> all = {
        {"typography", Origin::exact, undo_typography},
        {"base64", Origin::exact, undo_base64},
        {"quoted-printable", Origin::exact, undo_quoted_printable},
        {"html-source", Origin::exact, undo_html_source},
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
        {"dot-stuffing", Origin::guessed, undo_dot_stuffing},
    };
    return all;
}

std::string unquoted(std::string_view text, int depth)
{
    std::string lines;
    for_each_line(text, [&](std::string_view line) {
        const Prefix prefix = quote_prefix(line);
        // Something foreign stays in the place of a line that is left out, lest what stood around it grows together to a request that
        // nobody wrote.
        lines += prefix.depth > depth ? "\x01\n" : line.substr(prefix.length);
    });
    return lines;
}
