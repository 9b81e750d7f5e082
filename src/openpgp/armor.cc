#include "openpgp/armor.hh"

#include "ascii.hh"
#include "handle.hh"
#include "lines.hh"

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

std::optional<std::string> dearmored(std::string_view text, std::string_view kind)
{
    const std::string begin = "-----BEGIN PGP " + std::string(kind) + "-----";
    bool is_inside = false;
    std::string digits;
    while (!text.empty()) {
        const std::string_view line = trimmed(take_line(text));
        if (!is_inside) {
            is_inside = line == begin;
            continue;
        }
        const bool is_checksum = line.size() == 5 && line[0] == '=';
        if (is_checksum || line.starts_with("-----END"))
            break;
        if (line.find(':') == line.npos) // else a field of the armor (6.2.2)
            digits += line;
    }
    if (!is_inside)
        return std::nullopt;
    return from_base64(digits).value_or("");
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
