#pragma once
#include <string>

// Two characters that mean something of their own in the texts of a mail. No text that comes in
// keeps them: where octets become text, append_incoming() sees each of them.
namespace mark {
inline constexpr char left_out_line = '\x01'; // stands in place of a quoted line
inline constexpr char source_break = '\v';    // a line break in the source of HTML
} // namespace mark

// Adds an octet of a mail to a text. NUL, form feed and the first mark are dropped, as other
// control characters are later; a vertical tab, which word processors break lines with, is a line
// break.
inline void append_incoming(std::string& text, char octet)
{
    if (octet == mark::source_break)
        text += '\n';
    else if (octet != '\0' && octet != '\f' && octet != mark::left_out_line)
        text += octet;
}
