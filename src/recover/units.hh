#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// The text as one unit for each octet; each run of blanks that is not a single one (line breaks,
// tabs) is one unit, a break, numbered upwards from first_break. A break keeps its number through
// both levels of JSON escapes, so that what is decided about it can be done to the text as it came.
using Units = std::u32string;
using UnitsView = std::u32string_view;
inline constexpr char32_t first_break = 0x200000;

inline bool is_break(char32_t unit) { return unit >= first_break; }
bool is_space(char32_t unit);
bool has_breaks(UnitsView text);

// Where each break stands in the text, by its number.
using Breaks = std::vector<std::uint32_t>;

Units units_of(std::string_view text, Breaks& breaks);

// How a break is written in the text.
std::string_view text_of(char32_t unit, std::string_view text, const Breaks& breaks);

// The breaks that stood for a blank; the others stood for nothing.
using Readings = std::set<char32_t>;

// The octets as they came, but for the breaks.
std::string joined(UnitsView text, const Readings& readings);
