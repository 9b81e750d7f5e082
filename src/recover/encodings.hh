#pragma once
#include "recover/replaced.hh"

#include <string>

// Repairs of encodings that the header of a mail does not name, or does not name any more.

// The other forms of a request: base64 (RFC 4648 4 and 5) of it, or of its raw deflate (RFC 1951);
// or a body whose Content-Transfer-Encoding was lost. It may be wrapped, quoted, and glued to other
// text.
Strings repair_base64(const std::string& text);

// RFC 2045 6.7, where the header was lost or the encoding was done twice.
Strings repair_quoted_printable(const std::string& text);

// Text that PGP signed in the clear, where "- " stands before each line that begins with a dash
// (RFC 9580 7.2).
Strings repair_dash_escapes(const std::string& text);

// A mailto: link or its body (RFC 6068), pasted. It may be wrapped.
Strings repair_percent(const std::string& text);

// A form's encoding (application/x-www-form-urlencoded): "+" is a blank, and a plus sign is %2B.
Strings repair_plus_for_blank(const std::string& text);

// The request as a JSON string literal, as programs print it: {\"offer\":\"{\\\"sdp...
Strings repair_json_literal(const std::string& text);

// UTF-8 that was taken for windows-1252 or ISO-8859-1, and encoded again.
Strings repair_mojibake(const std::string& text);
