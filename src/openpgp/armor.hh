#pragma once
#include <optional>
#include <string>
#include <string_view>

// ASCII armor (RFC 9580 6). `kind` is what stands behind "BEGIN PGP": "MESSAGE", "PUBLIC KEY
// BLOCK".

// What the first armor of that kind in a text holds, as octets; "" when it is not base64. None:
// there is no such armor. Blanks and empty lines that came in on the way don't count, nor does the
// checksum (6.1): what is encrypted has a better one.
std::optional<std::string> dearmored(std::string_view text, std::string_view kind);

// Lines of 64 characters that end in LF, with a checksum, which chatmail servers insist on.
std::string armored(std::string_view octets, std::string_view kind);

// Octets from base64 with blanks in it, and nothing else. None: it is not base64, or empty.
std::optional<std::string> from_base64(std::string_view text);

std::string to_base64(std::string_view octets);
