#include "repair.hh"

#include "encoding.hh"

#include <algorithm>
#include <glib.h>

namespace {

std::string replaced(std::string_view text, std::string_view from, std::string_view to)
{
    return rewritten(text, [&](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
        if (t.compare(at, from.size(), from) != 0)
            return 0;
        result += to;
        return from.size();
    });
}

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

} // namespace

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
