#include "quote.hh"

#include <algorithm>

namespace {

struct Prefix {
    std::size_t length = 0;
    int depth = 0;
};

// The octets of the initials with which The Bat! quotes: "AS> ".
std::size_t length_of_initials(std::string_view line)
{
    constexpr std::size_t longest = 6; // three letters of two octets
    const auto mark = line.substr(0, longest + 1).find('>');
    const auto is_letter = [](char c) { return c == ' ' || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; };
    return mark != line.npos && std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(mark), is_letter) ? mark : 0;
}

Prefix quote_prefix(std::string_view line)
{
    Prefix prefix;
    for (std::size_t i = length_of_initials(line); i < line.size() && (line[i] == ' ' || line[i] == '>' || line[i] == '|'); ++i)
        if (line[i] != ' ')
            prefix = {i + 1, prefix.depth + 1};
    prefix.length += prefix.depth > 0 && prefix.length < line.size() && line[prefix.length] == ' ';
    return prefix;
}

template <class Take> void for_each_line(std::string_view text, Take take)
{
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
        take(text.substr(0, end));
        text.remove_prefix(end);
    }
}

} // namespace

std::string unquoted(std::string_view text, int depth)
{
    std::string lines;
    for_each_line(text, [&](std::string_view line) {
        const Prefix prefix = quote_prefix(line);
        // Something foreign stays in the place of a line that is left out, lest what stood around it grows together to a request that
        // nobody wrote.
        lines += prefix.depth > depth ? "\x01\n" : line.substr(prefix.length);
    });
    return lines;
}
