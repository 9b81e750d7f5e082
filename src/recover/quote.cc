#include "recover/quote.hh"

#include <algorithm>
#include <glib.h>

namespace {

struct Prefix {
    std::size_t length = 0;
    int depth = 0;
};

// The octets of the initials or the name with which some programs quote, The Bat! among them: "AS>
// ".
std::size_t length_of_name(std::string_view line)
{
    constexpr std::size_t longest = 20; // ten letters of two octets
    const auto is_letter = [](char c) {
        return g_ascii_isalpha(c) || static_cast<unsigned char>(c) >= 0x80;
    };
    const auto start = std::min(line.find_first_not_of(' '), line.size()),
               mark = std::min(line.find('>', start), line.size());
    const std::string_view name = line.substr(start, mark - start),
                           behind = line.substr(mark).substr(0, 2);
    const bool is_mark = behind == ">" || behind == "> " || behind == ">>" || behind == ">\n";
    // A tag's end in the source of HTML looks alike, but for the capital.
    return is_mark && name.size() <= longest && std::all_of(name.begin(), name.end(), is_letter) &&
                   !name.empty() && !g_ascii_islower(name[0])
               ? mark
               : 0;
}

Prefix quote_prefix(std::string_view line)
{
    Prefix prefix;
    for (std::size_t i = length_of_name(line);
         i < line.size() && (line[i] == ' ' || line[i] == '>' || line[i] == '|'); ++i)
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
        // Something foreign stays in the place of a line that is left out, lest what stood around
        // it grows together to a request that nobody wrote.
        lines += prefix.depth > depth ? "\x01\n" : line.substr(prefix.length);
    });
    return lines;
}
