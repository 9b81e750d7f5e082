#pragma once
#include <string>
#include <string_view>

// Text in the charset of a Content-Type field ("" for none) as UTF-8 without a byte order mark and
// without NUL. Never fails: the label may be anything, bytes that can't be decoded become U+FFFD.
// Linear in time, at most three times as long as the bytes.
std::string to_utf8(std::string_view bytes, std::string_view charset);

// windows-1252 as the WHATWG Encoding Standard has it: its five holes are the C1 controls of the
// same number.
char32_t windows_1252(unsigned char byte);

// U+FFFD for what is no character: surrogates and numbers past U+10FFFF.
void append_utf8(std::string& text, char32_t character);
