#include "recover/editors.hh"

#include "lines.hh"

namespace {

// The octets of the line's number and of what parts it from the text; 0: it isn't numbered so.
std::size_t length_of_number(std::string_view line, int number)
{
    const auto start = std::min(line.find_first_not_of(" \t"), line.size());
    const std::string digits = std::to_string(number);
    if (!line.substr(start).starts_with(digits))
        return 0;
    const std::string_view behind = line.substr(start + digits.size());
    for (const std::string_view mark : {": ", ". ", ") ", "  ", "\t", " | "}) {
        const std::string_view bare = mark.substr(0, mark.find_last_not_of(' ') + 1);
        const bool is_empty_line = behind.ends_with('\n') && without_line_feed(behind) == bare;
        if (behind.starts_with(mark) || behind == "\n" || is_empty_line)
            return start + digits.size() + std::min(mark.size(), without_line_feed(behind).size());
    }
    return 0;
}

// An object of which each line but the first begins with a plus sign, without these; "" if `text`
// does not begin with one. Its octets are taken off the text.
std::string take_with_plus_signs(std::string_view& text)
{
    constexpr int fewest = 2; // lines that go on; a single one may be a line of the object's own
    std::string_view rest = text;
    std::string lines(take_line(rest));
    int continued = 0;
    for (; rest.starts_with('+'); ++continued)
        lines += take_line(rest).substr(1);
    const auto end = lines.find_last_not_of(" \n");
    if (continued < fewest || lines[end] != '}')
        return "";
    text = rest;
    return lines;
}

// The same of an object of which each line but the last ends with a backslash, all in one column.
std::string take_with_backslashes(std::string_view& text)
{
    constexpr int fewest = 2;
    std::string_view rest = text;
    std::string lines;
    const std::size_t width = rest.find('\n');
    int continued = 0;
    for (; width != rest.npos && rest.find('\n') == width && rest[width - 1] == '\\'; ++continued)
        lines += take_line(rest).substr(0, width - 1);
    lines += take_line(rest);
    const auto end = lines.find_last_not_of(" \n");
    if (continued < fewest || lines[end] != '}')
        return "";
    text = rest;
    return lines;
}

std::size_t drop_markdown_escape(std::string_view rest, std::string& result)
{
    if (rest[0] != '\\' || rest.size() < 2)
        return 0;
    const bool is_escape = contains("*_[](){}<>#+-.!~|=:&`", rest.substr(1, 1));
    result += rest.substr(is_escape ? 1 : 0, is_escape ? 1 : 2);
    return 2;
}

std::size_t escape_once_more(std::string_view rest, std::string& result)
{
    if (rest[0] == '"' || rest[0] == '\\')
        result += '\\';
    return 0;
}

// One asterisk may be the client's own: "a=msid-semantic:WMS *". The first of a line stays. So do
// many in a row: they mask what a filter took away.
std::size_t drop_asterisk(std::string_view rest, std::string& result)
{
    constexpr std::size_t most = 3; // of Markdown
    const auto run = std::min(rest.find_first_not_of('*'), rest.size());
    if (run > most) {
        result.append(run, '*');
        return run;
    }
    return rest[0] == '*' && !result.empty() && !result.ends_with("WMS") &&
           !result.ends_with("WMS ");
}

// Makes a Python string's quotation marks JSON's.
class RequoteStrings {
  public:
    std::size_t operator()(std::string_view rest, std::string& result)
    {
        const char c = rest[0];
        if (quote_ != 0 && c == '\\') {
            const std::string_view escape = rest.substr(0, 2); // the text may end inside it
            result += escape;
            return escape.size();
        }
        if (c != '"' && c != '\'')
            return 0;
        if (quote_ != 0 && c != quote_) {
            result += c == '"' ? "\\\"" : "'";
            return 1;
        }
        quote_ = quote_ == 0 ? c : 0;
        result += '"';
        return 1;
    }

  private:
    char quote_ = 0; // that the string began with; 0: outside
};

} // namespace

Strings repair_line_numbers(const std::string& text)
{
    std::string result;
    int numbered = 0;
    bool has_ended = false;
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view line = take_line(rest);
        const std::size_t length = has_ended ? 0 : length_of_number(line, numbered + 1);
        numbered += length > 0;
        has_ended = numbered > 0 && length == 0;
        result += line.substr(length);
    }
    return numbered >= 2 ? Strings{result} : Strings{};
}

Strings repair_continuation_marks(const std::string& text)
{
    std::string result;
    for (std::string_view rest = text; !rest.empty();) {
        std::string object;
        if (rest.starts_with('{')) {
            object = take_with_plus_signs(rest);
            if (object.empty())
                object = take_with_backslashes(rest);
        }
        result += object.empty() ? take_line(rest) : std::string_view(object);
    }
    return unless_same(text, result);
}

Strings repair_doubled_quotes(const std::string& text)
{
    for (const std::string pair : {"\"\"", "''", "``", "\u00b4\u00b4"})
        if (contains(text, pair + "offer" + pair))
            return {replaced(text, pair, "\"")};
    return {};
}

Strings repair_markdown_escapes(const std::string& text)
{
    return unless_same(text, replaced(text, OctetSet("\\"), drop_markdown_escape));
}

Strings repair_halved_backslashes(const std::string& text)
{
    const auto start = text.find("\"{\"");
    const auto end = text.find("\"}\"", start);
    if (start == text.npos || end == text.npos || end - start > longest_request)
        return {};
    const auto offer = std::string_view(text).substr(start + 1, end + 1 - start);
    return {text.substr(0, start + 1) + replaced(offer, OctetSet("\"\\"), escape_once_more) +
            text.substr(end + 2)};
}

Strings repair_emphasis(const std::string& text)
{
    std::string result;
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view line = take_line(rest), whole = without_line_feed(line);
        std::string_view inner = whole;
        const auto is_emphasised = [&] {
            return inner.size() > 1 && (inner[0] == '*' || inner[0] == '_') &&
                   inner.back() == inner[0];
        };
        for (int marks = 0; marks < 2 && is_emphasised(); ++marks)
            inner = inner.substr(1, inner.size() - 2);
        if (inner.size() == whole.size())
            result += replaced(whole, OctetSet("*"), drop_asterisk);
        else
            result += inner;
        result += line.substr(whole.size());
    }
    return unless_same(text, result);
}

Strings repair_single_quotes(const std::string& text)
{
    const auto start = text.find("{'");
    if (start == text.npos || !contains(text, "'offer'"))
        return {};
    return {text.substr(0, start) +
            replaced(std::string_view(text).substr(start), RequoteStrings())};
}
