#pragma once
#include <string_view>

// Session descriptions (RFC 8866) as WebRTC clients write them for one data channel (RFC 8829, 8839, 8841).

// Whether the line is one that browsers, pion or Firefox write, to the letter: a closed vocabulary. Deciding what a damaged line was needs it: with a
// loose grammar two readings fit where only one was meant. `line` has no line end.
bool is_known_sdp_line(std::string_view line);

// Whether nothing in a description that arrived whole speaks of damage (blanks lost, links put in). Lines of unknown kinds pass.
bool is_plausible_sdp(std::string_view sdp);
