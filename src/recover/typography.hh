#pragma once
#include "recover/rewrite.hh"

#include <string>

// Plain characters again, which a request has only: of word processors' quotes and dashes,
// 163.com's no-break spaces, full-width letters, other scripts' digits, Shift_JIS' yen sign where
// 0x5C was; without iOS Mail's byte order marks, Teams' zero-width spaces, terminals' colours. None
// where there is nothing of the kind. Texts are UTF-8; linear.
Texts undo_typography(const std::string& text);
