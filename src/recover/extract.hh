#pragma once
#include "poll.hh"
#include "recover/budget.hh"

#include <optional>
#include <string>
#include <string_view>

// What speaks of a request that was there once; `invalid` is one that arrived whole, and that no
// broker takes.
enum class Damage { none, invalid, altered, truncated };

struct Extraction {
    std::optional<PollRequest> request;
    Damage damage = Damage::
        none; // of the first that can't be recovered and stands before the request, or where there is none
    std::string
        opening; // how that one's session description begins; its object, where it was cut off before that
};

// How the text came to be: unaltered or by lossless decoding; or by a repair that may have guessed
// wrong, so that every line must be one known to the letter.
enum class Origin { exact, guessed };

// The first poll request in the text, whatever stands around it. Line breaks within strings, which
// JSON forbids, are mended: each stood for a blank or for nothing, by the SDP's grammar; where both
// readings fit nothing is extracted. `text` is UTF-8.
Extraction extract_request(std::string_view text, Origin origin, Budget& budget);
