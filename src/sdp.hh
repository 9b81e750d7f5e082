#pragma once
#include <string>
#include <string_view>

// Session descriptions (RFC 8866) as WebRTC clients write them for one data channel (RFC 8829, 8839, 8841).

// Whether the line is one that browsers or pion write, to the letter: a closed vocabulary. Deciding what a damaged line was needs it:
// with a loose grammar two readings fit where only one was meant. `line` has no line end; `origin` as below.
bool is_known_sdp_line(std::string_view line, std::string_view origin);

// Whether it is whole, and nothing in it speaks of damage (blanks gained, letters lost, links put in). `to_the_letter`: each line is a
// known one; else an attribute that nobody knows yet passes, unless it looks like a known one that was damaged.
bool is_sound_sdp(std::string_view sdp, bool to_the_letter);

// Its o= line without blanks, which tells sessions and clients apart; "": it has none.
std::string origin_of(std::string_view sdp);
