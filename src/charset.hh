#pragma once
#include <string>
#include <string_view>

// Text in the charset of a Content-Type field ("" for none) as UTF-8, without a byte order mark and
// without the characters that drop_marks() takes out. The label may be anything, and bytes that
// can't be decoded become U+FFFD. Linear in time, at most three times as long as the bytes. Throws
// Failure(Reason::memory) for want of descriptors, which iconv needs to load a charset.
std::string to_utf8(std::string_view bytes, std::string_view charset);

// Loads the modules of all charsets that to_utf8() knows, once for the life of the process.
void load_charsets();

// Bytes that are UTF-8 stay, any other byte is windows-1252: that is what ISO-8859-1 and a lost
// label mostly stand for. A byte order mark at the start goes.
std::string utf8_or_windows_1252(std::string_view bytes);

// windows-1252 as the WHATWG Encoding Standard has it: its five holes are the C1 controls of the
// same number.
char32_t windows_1252(unsigned char byte);

// U+FFFD stands for what is no character: surrogates and numbers past U+10FFFF.
void append_utf8(std::string& text, char32_t character);
