#include "flowed.hh"

#include "lines.hh"

namespace {

// Takes the quote marks from the front of a line. Some programs put blanks between them, though RFC
// 3676 4.5 has none.
std::string take_prefix(std::string_view& line)
{
    std::string prefix;
    while (line.starts_with('>')) {
        prefix += '>';
        line.remove_prefix(line.starts_with("> >") ? 2 : 1);
    }
    return prefix;
}

} // namespace

std::string unflowed(std::string_view text, bool delsp)
{
    std::string result;
    bool is_open = false; // the line before goes on in this one, if this one has the same prefix
    std::string open_prefix;
    while (!text.empty()) {
        std::string_view line = without_line_feed(take_line(text));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        const std::string prefix = take_prefix(line);
        if (line.starts_with(' ')) // space-stuffed
            line.remove_prefix(1);
        if (!is_open || prefix != open_prefix) {
            if (is_open)
                result += '\n';
            result += prefix + (prefix.empty() ? "" : " ");
        }
        is_open = line.ends_with(' ') && line != "-- ";
        open_prefix = prefix;
        if (is_open && delsp)
            line.remove_suffix(1);
        result += line;
        if (!is_open)
            result += '\n';
    }
    return result;
}
