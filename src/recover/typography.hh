#pragma once
#include "recover/replaced.hh"

#include <string>

// Repair of characters that a request doesn't have, into the plain ones that they stand for: word
// processors' quotation marks and dashes, 163.com's no-break spaces, full-width letters, other
// scripts' digits, Shift_JIS' yen sign in place of a backslash. What stands for nothing goes: iOS
// Mail's byte order marks, Teams' zero-width spaces, terminals' colours.
Strings repair_typography(const std::string& text);
