#pragma once
#include <string>
#include <string_view>

// Session descriptions (RFC 8866) as WebRTC clients write them for one data channel (RFC 8829,
// 8839, 8841).

// Whether the line is one that browsers or pion write, to the letter: a closed vocabulary. Deciding
// what a damaged line was needs it: with a loose grammar two readings fit where only one was meant.
// `line` has no line end; `origin` as below.
bool is_known_sdp_line(std::string_view line, std::string_view origin);

// What was done to a session description: nothing, line breaks mended, or a repair that may have
// guessed wrong.
enum class Doubt { none, breaks, guesses };

// Whether it is whole, and nothing in it speaks of damage (blanks gained, letters lost, links put
// in). An attribute that nobody knows yet passes, unless it looks like a known one that was
// damaged; not after guesses. After either its lines have to agree with each other.
bool is_sound_sdp(std::string_view sdp, Doubt doubt);

// Its o= line without blanks, which tells sessions and clients apart; "": it has none.
std::string origin_of(std::string_view sdp);
