#pragma once
#include <algorithm>
#include <string_view>

// Takes the first line from the front of the text, with its line feed where it has one. The text
// must not be empty.
inline std::string_view take_line(std::string_view& text)
{
    const std::string_view line = text.substr(0, std::min(text.find('\n'), text.size() - 1) + 1);
    text.remove_prefix(line.size());
    return line;
}

// The line without its line feed.
inline std::string_view without_line_feed(std::string_view line)
{
    line.remove_suffix(line.ends_with('\n') ? 1 : 0);
    return line;
}
