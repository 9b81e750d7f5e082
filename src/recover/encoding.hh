#pragma once
#include "recover/rewrite.hh"

#include <string>

// Encodings that no header speaks of (any more), undone. Each gives the texts that may have been
// there before it, none where there is nothing of the kind. Texts are UTF-8. All are pure, and
// linear in the text.

// The second form of a request (RFC 4648 4 and 5), and a body whose Content-Transfer-Encoding was
// lost. Wrapped, quoted, glued to text.
Texts undo_base64(const std::string& text);

// RFC 2045 6.7, where the header was lost or it was done twice.
Texts undo_quoted_printable(const std::string& text);

// The texts that HTML may have been meant to show.
Texts undo_html(const std::string& html);

// HTML source shown as text: under a wrong type, or in base64 whose header was lost.
Texts undo_html_source(const std::string& text);

// Character references left in text/plain (QQ), or done twice.
Texts undo_entities(const std::string& text);

// A mailto: link or its body, pasted (RFC 6068); maybe wrapped, maybe encoded twice.
Texts undo_percent(const std::string& text);

// A form's encoding of blanks (application/x-www-form-urlencoded), where a real "+" is %2B.
Texts undo_plus_for_blank(const std::string& text);

// The request as a JSON string literal, as programs print it: {\"offer\":\"{\\\"sdp...
Texts undo_json_literal(const std::string& text);

// UTF-8 that was taken for windows-1252 or ISO-8859-1, and encoded again.
Texts undo_mojibake(const std::string& text);
