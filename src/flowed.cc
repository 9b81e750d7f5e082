#include "flowed.hh"

#include <algorithm>

std::string unflowed(std::string_view text, bool delsp)
{
    std::string result;
    std::string_view open_prefix; // of the flowed line before, where that goes on
    bool is_open = false;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        const std::string_view prefix = line.substr(0, std::min(line.find_first_not_of('>'), line.size()));
        line.remove_prefix(prefix.size());
        if (line.starts_with(' ')) // space-stuffed
            line.remove_prefix(1);
        if (!is_open || prefix != open_prefix) {
            if (is_open)
                result += '\n';
            result += std::string(prefix) + (prefix.empty() ? "" : " ");
        }
        is_open = line.ends_with(' ') && line != "-- ";
        open_prefix = prefix;
        if (is_open && delsp)
            line.remove_suffix(1);
        result += line;
        if (!is_open)
            result += '\n';
    }
    return result;
}
