#pragma once
#include <cstddef>
#include <string_view>

// Whether a name may be a known one that was damaged.

// Whether so many letters at most have to be put in, taken out or changed to make `b` of `a`.
bool is_within(int letters, std::string_view a, std::string_view b);

// Whether the name is left where letters of a known one were lost, changed or doubled: it is one or
// two letters off, or has the known one's start and its end with one letter between them at most.
// Case doesn't matter; `known` is in lower case.
bool is_like(std::string_view name, std::string_view known);

// How many letters two texts have in common at their start, or at their end.
std::size_t common_start(std::string_view a, std::string_view b);
std::size_t common_end(std::string_view a, std::string_view b);
