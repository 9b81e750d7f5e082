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

// The octets of a soft line break of quoted-printable at the front of the text; 0: there is none.
// Blanks behind the "=" were put there on the way (RFC 2045 6.7 (3)).
inline std::size_t length_of_soft_break(std::string_view text)
{
    if (!text.starts_with('='))
        return 0;
    const auto end = std::min(text.find_first_not_of(" \t", 1), text.size());
    std::string_view behind = text.substr(end);
    if (!behind.starts_with('\r') && !behind.starts_with('\n'))
        return 0;
    drop_line_end(behind);
    return text.size() - behind.size();
}
