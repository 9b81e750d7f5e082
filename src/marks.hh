#pragma once
#include <algorithm>
#include <string>

// Two characters that mean something of their own in the texts of a mail. No text that comes in
// keeps them: where octets become text, drop_marks() sees them.
namespace mark {
inline constexpr char left_out_line = '\x01'; // stands in place of a quoted line
inline constexpr char source_break = '\v';    // a line break in the source of HTML
} // namespace mark

// Takes the marks out of a text that comes in, and NUL and form feed with them; other control
// characters go later. A vertical tab, which word processors break lines with, is a line break.
inline void drop_marks(std::string& text)
{
    std::replace(text.begin(), text.end(), mark::source_break, '\n');
    std::erase_if(text, [](char c) { return c == '\0' || c == '\f' || c == mark::left_out_line; });
}

// Adds an octet that was decoded to a text, but no mark.
inline void append_incoming(std::string& text, char octet)
{
    std::string one(1, octet);
    drop_marks(one);
    text += one;
}
