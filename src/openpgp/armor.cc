#include "openpgp/armor.hh"

#include "ascii.hh"
#include "handle.hh"
#include "lines.hh"

#include <algorithm>
#include <array>
#include <cstdint>

namespace {

// 6.1.1
std::uint32_t crc24(std::string_view octets)
{
    std::uint32_t crc = 0xb704ce;
    for (const char octet : octets) {
        crc ^= static_cast<std::uint32_t>(static_cast<unsigned char>(octet)) << 16;
        for (int bit = 0; bit < 8; ++bit)
            crc = crc << 1 ^ (crc & 0x800000 ? 0x1864cfb : 0);
    }
    return crc & 0xffffff;
}

bool is_base64(std::string_view text)
{
    const auto end = text.find_last_not_of('=') + 1; // npos + 1 is 0
    return end > 0 && text.size() - end <= 2 && text.size() % 4 == 0 &&
           std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end),
                       [](char c) { return g_ascii_isalnum(c) || c == '+' || c == '/'; });
}

// A line without what armor never has: other blanks than ASCII's, typographic dashes, invisible
// characters.
std::string in_ascii(std::string_view line)
{
    std::string result;
    for (const char c : line)
        if (is_ascii({&c, 1}))
            result += c;
        else if (c == '\xa0') // of U+00A0
            result += ' ';
    return result;
}

constexpr const char* quote_marks = ">| \t";

bool is_quoted(std::string_view line)
{
    const auto first = line.find_first_not_of(" \t");
    return first != line.npos && (line[first] == '>' || line[first] == '|');
}

std::string_view without_quote_marks(std::string_view line)
{
    line.remove_prefix(std::min(line.find_first_not_of(quote_marks), line.size()));
    return trimmed(line);
}

// Base64 behind a field of the armor (6.2.2) whose line break was lost: from the first word on that
// is too long for a word.
std::string digits_behind_field(std::string_view line)
{
    constexpr std::size_t longest_word = 47; // a fingerprint has 40 digits
    std::string digits;
    for (const std::string_view word : words_of(line))
        if (!digits.empty() || (word.size() > longest_word && word.find(':') == word.npos))
            digits += word;
    return digits;
}

// Without a checksum whose line break was lost.
std::string without_checksum(std::string digits)
{
    constexpr std::size_t length = 5;
    const auto first = digits.find('='), sign = digits.rfind('=');
    if (first != digits.npos && sign + length == digits.size() &&
        digits.find_first_not_of('=', first) > sign)
        digits.resize(sign);
    return digits;
}

// Takes the lines to the end of an armor from the front of a text, and gives the base64 in them.
// `behind` stands in the line of its head. The armor also ends before a line with `next_head`, if
// that isn't empty and the line isn't quoted.
std::string take_digits(std::string_view behind, std::string_view next_head, std::string_view& text)
{
    constexpr std::size_t shortest = 100; // no message and no key has fewer digits
    std::string digits;
    bool has_fields = false, is_line_of_head = true;
    for (std::string line(behind);; is_line_of_head = false) {
        const std::string_view whole = without_quote_marks(line);
        const auto end = whole.find("-END");
        std::string_view part = whole.substr(0, end);
        part = part.substr(0, part.find_last_not_of(end == whole.npos ? "" : "- \t") + 1);
        if (part.size() == 5 && part[0] == '=')
            break;
        if (part.find(':') != part.npos) {
            has_fields = true;
            digits += is_line_of_head ? digits_behind_field(part) : "";
        } else {
            // The empty line behind the fields: what stands before it is a rest of them.
            if (part.empty() && has_fields && digits.size() < shortest)
                digits.clear();
            has_fields = has_fields && !part.empty();
            for (const std::string_view word : words_of(part))
                digits += word;
        }
        if (end != whole.npos || text.empty())
            break;
        const std::string_view before = text;
        line = in_ascii(take_line(text));
        if (!next_head.empty() && !is_quoted(line) && line.find(next_head) != line.npos) {
            text = before;
            break;
        }
    }
    return without_checksum(std::move(digits));
}

} // namespace

std::optional<std::string> from_base64(std::string_view text)
{
    std::string digits(text);
    std::erase_if(digits, [](char c) { return g_ascii_isspace(c); });
    digits.append((4 - digits.size() % 4) % 4, '='); // some leave it out
    if (!is_base64(digits))
        return std::nullopt;
    gsize size = 0;
    g_base64_decode_inplace(digits.data(), &size);
    digits.resize(size);
    return digits;
}

std::string to_base64(std::string_view octets)
{
    return GString8(g_base64_encode(reinterpret_cast<const guchar*>(octets.data()), octets.size()))
        .get();
}

std::vector<Armor> find_armors(std::string_view text, std::string_view kind)
{
    const std::string head = "-BEGIN PGP " + std::string(kind) + "-";
    std::vector<Armor> armors;
    while (!text.empty()) {
        const std::string line = in_ascii(take_line(text));
        const auto at = line.find(head);
        if (at == line.npos)
            continue;
        const std::string_view before = std::string_view(line).substr(0, at);
        std::string_view behind = std::string_view(line).substr(at + head.size());
        behind.remove_prefix(std::min(behind.find_first_not_of('-'), behind.size()));
        const bool stands_alone =
            before.find_first_not_of("- \t") == before.npos && trimmed(behind).empty();
        const std::string digits = take_digits(behind, is_quoted(line) ? head : "", text);
        armors.push_back({from_base64(digits).value_or(""), stands_alone});
    }
    std::stable_partition(armors.begin(), armors.end(),
                          [](const Armor& armor) { return armor.stands_alone; });
    return armors;
}

std::optional<std::string> dearmored(std::string_view text, std::string_view kind)
{
    std::vector<Armor> armors = find_armors(text, kind);
    if (armors.empty() || !armors[0].stands_alone)
        return std::nullopt;
    return std::move(armors[0].octets);
}

std::string armored(std::string_view octets, std::string_view kind)
{
    constexpr std::size_t width = 64;
    const std::string digits = to_base64(octets);
    std::string result = "-----BEGIN PGP " + std::string(kind) + "-----\n\n";
    for (std::size_t at = 0; at < digits.size(); at += width)
        result += digits.substr(at, width) + "\n";
    const std::uint32_t crc = crc24(octets);
    const std::array<char, 3> sum = {static_cast<char>(crc >> 16), static_cast<char>(crc >> 8),
                                     static_cast<char>(crc)};
    result += "=" + to_base64({sum.data(), sum.size()}) + "\n";
    return result + "-----END PGP " + std::string(kind) + "-----\n";
}
