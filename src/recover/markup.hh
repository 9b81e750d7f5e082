#pragma once
#include "recover/replaced.hh"

#include <string>

// The texts that HTML may have been meant to show. A line break in its source is a blank. But a
// mail system that breaks long lines, and a gateway that wraps the source, put some inside words.
// So the breaks are blanks in one text, unless a very long line says that they were forced, and
// mark::source_break in another. The same comes once more for a source in quoted-printable.
Strings texts_of_html(const std::string& html);

// Repair of HTML source shown as text: under a wrong type, or in base64 whose header was lost.
Strings repair_html_source(const std::string& text);

// Repair of character references left in text/plain (QQ's mails), or made twice.
Strings repair_references(const std::string& text);
