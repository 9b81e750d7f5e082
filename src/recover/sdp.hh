#pragma once
#include "recover/certainty.hh"

#include <string>
#include <string_view>

// Session descriptions (RFC 8866) as WebRTC clients write them for one data channel (RFC 8829,
// 8839, 8841).

// Whether browsers or WebRTC libraries write exactly this line. The list is closed: with a looser
// one a damaged line could be read in two ways. `line` has no line end; `origin` is the
// description's origin_line_of().
bool is_known_sdp_line(std::string_view line, std::string_view origin);

// Whether the description is whole and nothing in it speaks of damage: blanks gained, letters lost,
// links put in. An attribute that nobody knows yet passes, unless it looks like a known one that
// was damaged. Of a text that is exact, so does all else that the RFCs allow: extensions of
// candidates, names of hosts, another session name, no line end behind the last line. Of a text
// that is less certain more is asked: that its lines agree with each other, and of a guessed one
// that each line is known.
bool is_sound_sdp(std::string_view sdp, Certainty certainty);

// Whether it describes more than data channels: sound, pictures.
bool has_other_media(std::string_view sdp);

// Its o= line without blanks, which tells sessions and clients apart (RFC 8866 5.2); "": it has
// none.
std::string origin_line_of(std::string_view sdp);
