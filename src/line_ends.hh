#pragma once
#include <algorithm>
#include <string_view>

// Takes the line end from the front of a text that begins with one, or is empty: CR LF, CR CR LF (a
// CR was added on the way), LF, or a CR alone.
inline void drop_line_end(std::string_view& text)
{
    text.remove_prefix(text.starts_with("\r\r\n") ? 3
                       : text.starts_with("\r\n") ? 2
                                                  : std::min<std::size_t>(text.size(), 1));
}
