#pragma once
#include "recover/replaced.hh"

#include <string>

// The texts that HTML may have been meant to show. A line break in its source is a blank; but a
// mail system that breaks long lines, and a gateway that wraps the source, put some inside words.
// So there is a text with blanks, and one in which each is mark::source_break.
Strings texts_of_html(const std::string& html);

// Repair of HTML source shown as text: under a wrong type, or in base64 whose header was lost.
Strings repair_html_source(const std::string& text);

// Repair of character references left in text/plain (QQ's mails), or made twice.
Strings repair_references(const std::string& text);
