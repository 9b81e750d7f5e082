#include "recover/repair.hh"

#include "recover/encoding.hh"
#include "recover/links.hh"
#include "recover/typography.hh"

#include <algorithm>

namespace {

std::string replaced(std::string_view text, std::string_view from, std::string_view to)
{
    return rewritten(text,
                     [&](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
                         if (t.compare(at, from.size(), from) != 0)
                             return 0;
                         result += to;
                         return from.size();
                     });
}

// The octets of the line's number and what parts it from the text; 0: it isn't numbered so.
std::size_t length_of_number(std::string_view line, int number)
{
    const auto start = std::min(line.find_first_not_of(" \t"), line.size());
    const std::string digits = std::to_string(number);
    const std::string_view behind =
        line.substr(start).substr(std::min(digits.size(), line.size() - start));
    if (!line.substr(start).starts_with(digits))
        return 0;
    for (const std::string_view mark : {": ", ". ", ") ", "  ", "\t", " | "})
        if (behind.starts_with(mark) || behind == "\n" ||
            behind == std::string(mark.substr(0, mark.find_last_not_of(' ') + 1)) + "\n")
            return start + digits.size() +
                   std::min(mark.size(), behind.size() - behind.ends_with('\n'));
    return 0;
}

// Lines that an editor has numbered: one after the other, without any between them that has none.
Texts undo_line_numbers(const std::string& text)
{
    std::string result;
    int numbered = 0;
    bool has_ended = false;
    for (std::size_t start = 0; start < text.size();) {
        const auto end = std::min(text.find('\n', start), text.size() - 1) + 1;
        const std::string_view line = std::string_view(text).substr(start, end - start);
        const std::size_t length = has_ended ? 0 : length_of_number(line, numbered + 1);
        numbered += length > 0;
        has_ended = numbered > 0 && length == 0;
        result += line.substr(length);
        start = end;
    }
    return numbered >= 2 ? Texts{result} : Texts{};
}

// A quotation mark made of two: in a cell of a table in a text file (RFC 4180 2), or by who has
// none.
Texts undo_doubled_quotes(const std::string& text)
{
    for (const std::string pair : {"\"\"", "''", "``", "\u00b4\u00b4"})
        if (contains(text, pair + "offer" + pair))
            return {replaced(text, pair, "\"")};
    return {};
}

// Backslashes that Markdown editors put before punctuation, where JSON has none.
Texts undo_markdown_escapes(const std::string& text)
{
    return unless_same(
        text,
        rewritten(text, [](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
            if (t[at] != '\\' || at + 1 >= t.size())
                return 0;
            const bool is_escape =
                std::string_view("*_[](){}<>#+-.!~|=:&`").find(t[at + 1]) != std::string_view::npos;
            result.append(t.substr(is_escape ? at + 1 : at, is_escape ? 1 : 2));
            return 2;
        }));
}

// The inner level of backslashes, that a shell's echo took:
// {"offer":"{"sdp":"v=0\r\n...","type":"offer"}",...
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

// Gmail's *bold* words in its text/plain part, and whole lines of chats in *, **, _ or __. One
// asterisk may be the client's: "a=msid-semantic:WMS *".
Texts undo_emphasis(const std::string& text)
{
    std::string result;
    for (std::size_t start = 0; start < text.size();) {
        const auto end = std::min(text.find('\n', start), text.size());
        std::string_view line = std::string_view(text).substr(start, end - start);
        const std::string_view whole = line;
        for (int marks = 0; marks < 2 && line.size() > 1 && (line[0] == '*' || line[0] == '_') &&
                            line.back() == line[0];
             ++marks)
            line = line.substr(1, line.size() - 2);
        if (line.size() == whole.size())
            result += rewritten(
                line, [](std::string_view t, std::size_t at, std::string& kept) -> std::size_t {
                    return t[at] == '*' && at > 0 && !kept.ends_with("WMS") &&
                           !kept.ends_with("WMS ");
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
            rewritten(std::string_view(text).substr(start),
                      [&](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
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
Texts undo_sendmail_break(const std::string& text)
{
    return unless_same(text, replaced(replaced(text, "!\r\n", "\n"), "!\n", "\n"));
}

// A dot that SMTP doubled at the start of a line (RFC 5321 4.5.2); the line may have become a part
// of another since. No address has two in a row.
Texts undo_dot_stuffing(const std::string& text)
{
    return unless_same(
        text,
        rewritten(text, [](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
            const auto dots =
                t[at] == '.' ? std::min(t.find_first_not_of('.', at), t.size()) - at : 0;
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
