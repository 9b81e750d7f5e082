#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// A break is a run of blanks that is not one single blank: a line break, a tab, an indentation.
// What wrapped a request put it there, in place of a blank or inside a word.
//
// Here a text is a sequence of units: one for each octet, and one for each whole break. The breaks
// of a text are numbered from first_break upwards. A break keeps its number when the escapes
// around it are undone. So a decision about it in the session description holds for the text.
using Units = std::u32string;
using UnitsView = std::u32string_view;
inline constexpr char32_t first_break = 0x200000;

inline bool is_break(char32_t unit) { return unit >= first_break; }
bool is_space(char32_t unit);
bool has_breaks(UnitsView units);

struct BrokenText {
    Units units;
    std::vector<std::uint32_t> starts; // of the breaks in the text, by their numbers
    std::string_view text;             // borrowed

    // How a break is written in the text.
    std::string_view text_of(char32_t number) const;

    // The octets of the line that ends with that break.
    std::size_t length_of_line_before(char32_t number) const;
};

BrokenText number_breaks(std::string_view text);

// The breaks that stood for a blank. All others stood for nothing.
using Blanks = std::set<char32_t>;

// The octets, with a blank for each break of `blanks`.
std::string joined(UnitsView units, const Blanks& blanks = {});
