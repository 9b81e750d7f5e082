#pragma once
#include "recover/replaced.hh"

#include <string>

// Repairs of what editors, shells, chats and people do to a text that they copy.

// Lines that an editor has numbered: one after the other, and none between them without a number.
Strings repair_line_numbers(const std::string& text);

// The marks of lines that a program shows as going on: mutt begins each further line with a plus
// sign, Emacs ends each but the last with a backslash. All lines of an object have to be marked.
Strings repair_continuation_marks(const std::string& text);

// A quotation mark made of two: in a cell of a table (RFC 4180 2), or of apostrophes or accents.
Strings repair_doubled_quotes(const std::string& text);

// Backslashes that Markdown editors put before punctuation, where JSON has none.
Strings repair_markdown_escapes(const std::string& text);

// A shell's echo takes the inner level of backslashes: {"offer":"{"sdp":"v=0\r\n...
Strings repair_halved_backslashes(const std::string& text);

// Gmail's *bold* words in text/plain, and whole lines of chats in *, **, _ or __.
Strings repair_emphasis(const std::string& text);

// The object as Python prints it: {'offer': '{"type":"offer",...
Strings repair_single_quotes(const std::string& text);
