#pragma once
#include <string_view>

// Signs of a poll request that are still there when it is damaged.

// Whether a request begins in the text: a brace, the name "offer" and a colon, a session
// description, base64 or percent-encoding of either, or the first line of the HTTP request that a
// client makes.
bool begins_request(std::string_view text);

// Whether the text is base64 (RFC 4648) that begins as a request does: with the message version, a
// byte order mark, or a brace and what may follow it; in UTF-8 or UTF-16LE.
bool starts_like_base64_of_request(std::string_view text);

// Whether a decoded text has something of a request or a response in it, maybe under one more
// encoding.
bool may_hold_request(std::string_view text);
