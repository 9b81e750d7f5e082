#include "recover/breaks.hh"

#include "marks.hh"

#include <algorithm>

namespace {

std::size_t end_of_blanks(std::string_view text, std::size_t at)
{
    constexpr char blanks[] = {' ', '\t', '\n', '\r', mark::source_break, '\0'};
    return std::min(text.find_first_not_of(blanks, at), text.size());
}

} // namespace

bool is_space(char32_t unit)
{
    return unit == ' ' || unit == '\t' || unit == '\n' || unit == '\r' || is_break(unit);
}

bool has_breaks(UnitsView units) { return std::any_of(units.begin(), units.end(), is_break); }

std::string_view BrokenText::text_of(char32_t number) const
{
    const std::size_t start = starts[number - first_break];
    return text.substr(start, end_of_blanks(text, start) - start);
}

std::size_t BrokenText::length_of_line_before(char32_t number) const
{
    const std::string_view before = text.substr(0, starts[number - first_break]);
    return before.size() - (before.rfind('\n') + 1); // npos + 1 is 0
}

BrokenText number_breaks(std::string_view text)
{
    BrokenText broken{{}, {}, text};
    broken.units.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto end = end_of_blanks(text, at);
        if (end == at || text.substr(at, end - at) == " ") {
            broken.units += static_cast<unsigned char>(text[at++]);
            continue;
        }
        broken.units += first_break + static_cast<char32_t>(broken.starts.size());
        broken.starts.push_back(static_cast<std::uint32_t>(at));
        at = end;
    }
    return broken;
}

std::string joined(UnitsView units, const Blanks& blanks)
{
    std::string text;
    for (const char32_t unit : units) {
        if (!is_break(unit))
            text += static_cast<char>(unit);
        else if (blanks.contains(unit))
            text += ' ';
    }
    return text;
}
