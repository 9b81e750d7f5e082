#include "recover/quote.hh"

#include "lines.hh"
#include "marks.hh"

#include <algorithm>
#include <glib.h>

namespace {

struct Prefix {
    std::size_t length = 0;
    int depth = 0;
};

bool is_name(std::string_view text)
{
    constexpr std::size_t longest = 20; // ten letters of two octets
    const auto is_letter = [](char c) {
        return g_ascii_isalpha(c) || static_cast<unsigned char>(c) >= 0x80;
    };
    // A tag's end in the source of HTML looks alike, but for the capital.
    return !text.empty() && text.size() <= longest && !g_ascii_islower(text[0]) &&
           std::all_of(text.begin(), text.end(), is_letter);
}

// The octets of the initials or the name with which some programs quote, The Bat! among them:
// "AS> ".
std::size_t length_of_name(std::string_view line)
{
    const auto start = std::min(line.find_first_not_of(' '), line.size());
    const auto mark = std::min(line.find('>', start), line.size());
    const std::string_view behind = line.substr(mark).substr(0, 2);
    const bool is_mark = behind == ">" || behind == "> " || behind == ">>" || behind == ">\n";
    return is_mark && is_name(line.substr(start, mark - start)) ? mark : 0;
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

} // namespace

std::string unquoted(std::string_view text, int depth)
{
    // Without a mark, what stood around a line that is left out would grow together to a request
    // that nobody wrote.
    const std::string left_out = {mark::left_out_line, '\n'};
    std::string lines;
    while (!text.empty()) {
        const std::string_view line = take_line(text);
        const Prefix prefix = quote_prefix(line);
        lines += prefix.depth > depth ? std::string_view(left_out) : line.substr(prefix.length);
    }
    return lines;
}
