#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// ASCII armor (RFC 9580 6). `kind` is what stands behind "BEGIN PGP": "MESSAGE", "PUBLIC KEY
// BLOCK".

struct Armor {
    std::string octets; // "": what it holds is not base64
    bool stands_alone;  // nothing else is in the line of its head: no quote mark and no other text
};

// The armors of that kind in a text, those that stand alone first. Blanks, quote marks and empty
// lines that came in on the way don't count, nor do line breaks that were lost, nor the checksum
// (6.1): what is encrypted has a better one.
std::vector<Armor> find_armors(std::string_view text, std::string_view kind);

// What the first armor of that kind holds, of those that stand alone. None: there is no such armor.
std::optional<std::string> dearmored(std::string_view text, std::string_view kind);

// Lines of 64 characters that end in LF, with a checksum, which chatmail servers insist on.
std::string armored(std::string_view octets, std::string_view kind);

// Octets from base64 with blanks in it, and nothing else. None: it is not base64, or empty.
std::optional<std::string> from_base64(std::string_view text);

std::string to_base64(std::string_view octets);
