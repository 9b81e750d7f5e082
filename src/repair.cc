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

bool is_in(gunichar c, std::initializer_list<std::pair<gunichar, gunichar>> ranges)
{
    return std::any_of(ranges.begin(), ranges.end(), [&](const auto& range) { return c >= range.first && c <= range.second; });
}

// What a character that word processors, phones and sanitizers put in stands for; nullptr: itself.
const char* meaning_of(gunichar c)
{
    // Control characters (terminals) but blanks and what stands for a line that was left out; soft hyphen; joiners, zero width (Teams,
    // Delta Chat) and direction marks; variation selectors; byte order mark (iOS Mail); object replacement.
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
    if (is_in(c, {{0xB, 0xC}, {0x85, 0x85}, {0x2028, 0x2029}}))
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

// The octets that French typography puts inside guillemets, no-break spaces, or that a terminal's colours take (ECMA-48 5.4), at the front
// of the text.
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

// Word processors' quotes, 163.com's no-break spaces, iOS Mail's byte order marks, Teams' zero-width spaces, full-width letters, the
// digits of other scripts; Shift_JIS' yen sign, where 0x5C was.
Texts undo_typography(const std::string& text)
{
    const auto is_plain = [](char c) { return g_ascii_isprint(c) || c == '\n' || c == '\r' || c == '\t' || c == '\x01'; };
    if (std::all_of(text.begin(), text.end(), is_plain))
        return {};
    const bool has_backslash = contains(text, "\\");
    return unless_same(text, rewritten(text, [&](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
                           const char* here = t.data() + at;
                           if (is_plain(*here))
                               return 0;
                           if (const std::size_t trimming = length_of_trimming(t.substr(at))) {
                               result += t.substr(at).starts_with("\u00ab") ? "\"" : "";
                               return trimming;
                           }
                           const gunichar c = g_utf8_get_char_validated(here, static_cast<gssize>(t.size() - at));
                           if (c == static_cast<gunichar>(-1) || c == static_cast<gunichar>(-2))
                               return 0;
                           const auto length = static_cast<std::size_t>(g_utf8_skip[static_cast<unsigned char>(*here)]);
                           if (c > 0xFF00 && c < 0xFF5F) // full-width ASCII of East Asian input methods
                               result += static_cast<char>(c - 0xFEE0);
                           else if (c > 0x7F && g_unichar_isdigit(c)) // Persian, Arabic
                               result += static_cast<char>('0' + g_unichar_digit_value(c));
                           else if (const char* meaning = !has_backslash && is_in(c, {{0xA5, 0xA5}, {0x20A9, 0x20A9}, {0xFFE5, 0xFFE6}})
                                                              ? "\\"
                                                              : meaning_of(c))
                               result += meaning;
                           else
                               result.append(here, length);
                           return length;
                       }));
}

bool is_url(std::string_view text)
{
    const auto has_scheme = [&](std::string_view scheme) {
        return text.size() > scheme.size() && g_ascii_strncasecmp(text.data(), scheme.data(), scheme.size()) == 0;
    };
    return has_scheme("http:") || has_scheme("https:") || has_scheme("tel:") || has_scheme("file:") || has_scheme("mailto:") ||
           has_scheme("ftp:");
}

// The octets of "http://8.8.8.8/" at the front of the text, of which `host` is the middle; 0: there is no such thing.
std::size_t length_of_host_url(std::string_view text, std::string_view& host)
{
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!text.starts_with(scheme))
            continue;
        const auto end = std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(scheme.size()), text.end(),
                                          [](char c) { return g_ascii_isalnum(c) || c == '.' || c == ':' || c == '-'; });
        host = text.substr(scheme.size(), static_cast<std::size_t>(end - text.begin()) - scheme.size());
        return scheme.size() + host.size() + (end != text.end() && *end == '/');
    }
    return 0;
}

// Outlook and Exchange: 8.8.8.8<http://8.8.8.8>, 987654321<tel:987654321>, and what Safe Links makes of them; Gmail: 8.8.8.8
// <http://8.8.8.8>; Teams: 8.8.8.8 [http://8.8.8.8]; Proofpoint: 8.8.8.8 [8.8.8.8]<https://urldefense...>; Markdown: [8.8.8.8](http://8.8.8.8);
// or the link alone. The address is kept.
Texts undo_links(const std::string& text)
{
    constexpr std::size_t longest_link = 2000, longest_word = 64, longest_gap = 6;
    return unless_same(text, rewritten(text, [&](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
                           std::string_view host;
                           if (const std::size_t length = length_of_host_url(t.substr(at), host)) {
                               result += host;
                               return length;
                           }
                           if (t[at] != '<' && t[at] != '[' && t[at] != '(')
                               return 0;
                           // No link has a bracket, a quote, a backslash, or a line that is left out.
                           std::string_view link = t.substr(at + 1, longest_link);
                           const auto end = link.find_first_of(t[at] == '(' ? "()\"\\\x01" : "<>[]\"\\\x01");
                           if (end == link.npos || link[end] != (t[at] == '<' ? '>' : t[at] == '[' ? ']' : ')'))
                               return 0;
                           const std::string_view behind = link.substr(end + 1);
                           link = link.substr(0, end);
                           if (const auto close = behind.find(')');
                               t[at] == '[' && behind.starts_with('(') && close != behind.npos && is_url(behind.substr(1, close - 1))) {
                               result += link;
                               return end + close + 3;
                           }
                           if (const auto bar = link.find('|'); t[at] == '[' && bar != link.npos && is_url(link.substr(bar + 1))) {
                               result += link.substr(0, bar);
                               return end + 2;
                           }
                           std::string_view before = result;
                           before.remove_prefix(before.size() - std::min(before.size(), longest_word + longest_gap));
                           const auto word_end = before.find_last_not_of(" \n") + 1,
                                      word_start = before.find_last_of(" \n", word_end - 1) + 1;
                           const std::string_view word = before.substr(word_start, word_end - word_start);
                           if (!is_url(link) && (word.size() <= 3 || link != word))
                               return 0;
                           if (length_of_host_url(link, host) >= link.size() && !word.ends_with(host)) {
                               result += host;
                               return end + 2;
                           }
                           result.resize(result.size() - std::min(before.size() - word_end, longest_gap));
                           return end + 2;
                       }));
}

// Lines that an editor has numbered.
Texts undo_line_numbers(const std::string& text)
{
    std::string result;
    int numbered = 0;
    for (std::size_t start = 0; start < text.size();) {
        const auto end = std::min(text.find('\n', start), text.size() - 1) + 1;
        std::string_view line = std::string_view(text).substr(start, end - start);
        start = end;
        std::string_view rest = line.substr(std::min(line.find_first_not_of(" \t"), line.size()));
        const std::string number = std::to_string(numbered + 1);
        if (rest.starts_with(number) && rest.substr(number.size()).find_first_of(":.|) \t") == 0) {
            ++numbered;
            rest.remove_prefix(number.size());
            line = rest.substr(std::min(rest.find_first_not_of(":.|) \t"), rest.size()));
        }
        result += line;
    }
    return numbered >= 2 ? Texts{result} : Texts{};
}

// A quotation mark made of two: in a cell of a table in a text file (RFC 4180 2), or by who has none.
Texts undo_doubled_quotes(const std::string& text)
{
    for (const std::string pair : {"\"\"", "''", "``", "\u00b4\u00b4"})
        if (contains(text, "{" + pair) && !contains(text, "{" + pair + "\""))
            return {replaced(text, pair, "\"")};
    return {};
}

// Backslashes that Markdown editors put before punctuation, where JSON has none.
Texts undo_markdown_escapes(const std::string& text)
{
    return unless_same(text, rewritten(text, [](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
                           if (t[at] != '\\' || at + 1 >= t.size())
                               return 0;
                           const bool is_escape = std::string_view("*_[](){}<>#+-.!~|=:&`").find(t[at + 1]) != std::string_view::npos;
                           result.append(t.substr(is_escape ? at + 1 : at, is_escape ? 1 : 2));
                           return 2;
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

// Gmail's *bold* words in its text/plain part, and whole lines of chats in *, **, _ or __. One asterisk may be the client's:
// "a=msid-semantic:WMS *".
Texts undo_emphasis(const std::string& text)
{
    std::string result;
    for (std::size_t start = 0; start < text.size();) {
        const auto end = std::min(text.find('\n', start), text.size());
        std::string_view line = std::string_view(text).substr(start, end - start);
        const std::string_view whole = line;
        for (int marks = 0; marks < 2 && line.size() > 1 && (line[0] == '*' || line[0] == '_') && line.back() == line[0]; ++marks)
            line = line.substr(1, line.size() - 2);
        if (line.size() == whole.size())
            result += rewritten(line, [](std::string_view t, std::size_t at, std::string& kept) -> std::size_t {
                return t[at] == '*' && at > 0 && !kept.ends_with("WMS") && !kept.ends_with("WMS ");
            });
        else
            result += line;
        result += text.substr(end, 1);
        start = end + 1;
    }
    return unless_same(text, result);
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
        {"line-numbers", Origin::guessed, undo_line_numbers},
        {"doubled-quotes", Origin::guessed, undo_doubled_quotes},
        {"markdown-escapes", Origin::guessed, undo_markdown_escapes},
        {"sendmail-break", Origin::guessed, undo_sendmail_break},
        {"halved-backslashes", Origin::guessed, undo_halved_backslashes},
        {"single-quotes", Origin::guessed, undo_single_quotes},
        {"emphasis", Origin::guessed, undo_emphasis},
        {"mojibake", Origin::guessed, undo_mojibake},
        {"dot-stuffing", Origin::guessed, undo_dot_stuffing},
    };
    return all;
}
