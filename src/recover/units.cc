#include "recover/units.hh"

#include <algorithm>

namespace {

std::size_t end_of_blanks(std::string_view text, std::size_t at)
{
    return std::min(text.find_first_not_of(" \t\n\v\r", at), text.size());
}

} // namespace

bool is_space(char32_t unit)
{
    return unit == ' ' || unit == '\t' || unit == '\n' || unit == '\r' || is_break(unit);
}

bool has_breaks(UnitsView text) { return std::any_of(text.begin(), text.end(), is_break); }

Units units_of(std::string_view text, Breaks& breaks)
{
    Units units;
    units.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto end = end_of_blanks(text, i);
        if (end > i + 1 || (end > i && text[i] != ' ')) {
            units += first_break + static_cast<char32_t>(breaks.size());
            breaks.push_back(static_cast<std::uint32_t>(i));
            i = end;
        } else {
            units += static_cast<unsigned char>(text[i++]);
        }
    }
    return units;
}

std::string_view text_of(char32_t unit, std::string_view text, const Breaks& breaks)
{
    const std::size_t at = breaks[unit - first_break];
    return text.substr(at, end_of_blanks(text, at) - at);
}

std::string joined(UnitsView text, const Readings& readings)
{
    std::string result;
    for (const char32_t unit : text) {
        if (!is_break(unit))
            result += static_cast<char>(unit);
        else if (readings.contains(unit))
            result += ' ';
    }
    return result;
}
