#pragma once
#include "recover/replaced.hh"

#include <string>

// Repair of single characters that a request doesn't have. Some stand for plain ones: word
// processors' quotation marks and dashes, no-break spaces (163.com), full-width letters and signs,
// the digits of other scripts, a yen sign for a backslash (Shift_JIS). Others stand for nothing:
// zero-width characters (Teams), direction marks, byte order marks (iOS Mail), control characters,
// the colours of terminals.
Strings repair_typography(const std::string& text);
