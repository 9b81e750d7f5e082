#pragma once
#include "recover/paid_units.hh"

#include <optional>
#include <string_view>

// Decides which breaks in a session description stood for a blank, by the grammar of each line.
// None: a line has no reading that is known, or it has two and the other lines don't tell which is
// meant. `sdp` is a part of the text's units, with its escapes undone; `origin` is
// its origin_line_of().
std::optional<Blanks> decide_breaks(const BrokenText& text, const PaidUnits& sdp,
                                    std::string_view origin, Budget& budget);
