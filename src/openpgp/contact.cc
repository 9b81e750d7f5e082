#include "openpgp/contact.hh"

#include "ascii.hh"
#include "handle.hh"
#include "lines.hh"
#include "openpgp/armor.hh"
#include "openpgp/packets.hh"

#include <vector>

namespace {

// RFC 6350 3.2
std::string folded(const std::string& line)
{
    constexpr std::size_t width = 75;
    std::string result = line.substr(0, width) + "\r\n";
    for (std::size_t at = width; at < line.size(); at += width - 1)
        result += " " + line.substr(at, width - 1) + "\r\n";
    return result;
}

// RFC 6350 3.4
std::string text_value(std::string_view text)
{
    std::string result;
    for (const char c : text)
        result.append(c == '\\' || c == ',' || c == ';' ? "\\" : "").push_back(c);
    return result;
}

// Delta Chat takes numbers of 11 to 32 letters and digits. The same address has the same one for
// ever, so nothing is kept.
std::string number(const char* purpose, std::string_view address)
{
    constexpr std::size_t length = 24;
    const std::string text = "snowflake-mail " + std::string(purpose) + " " + lower_case(address);
    const GString8 hash(g_compute_checksum_for_string(G_CHECKSUM_SHA256, text.c_str(), -1));
    return std::string(hash.get()).substr(0, length);
}

std::string escaped(std::string_view text) // RFC 3986 2.1
{
    return GString8(g_uri_escape_string(std::string(text).c_str(), nullptr, false)).get();
}

// The lines of a vCard, of which each may go on in those below (RFC 6350 3.2).
std::vector<std::string> unfolded(std::string_view text)
{
    std::vector<std::string> lines;
    while (!text.empty()) {
        std::string_view line = without_line_feed(take_line(text));
        line.remove_suffix(line.ends_with('\r') ? 1 : 0);
        const bool goes_on = line.starts_with(' ') || line.starts_with('\t');
        if (goes_on && !lines.empty())
            lines.back() += line.substr(1);
        else
            lines.emplace_back(line);
    }
    return lines;
}

// RFC 6350 3.4
std::string without_escapes(std::string_view value)
{
    std::string text;
    for (std::size_t at = 0; at < value.size(); ++at) {
        if (value[at] == '\\' && ++at < value.size() && (value[at] == 'n' || value[at] == 'N'))
            text += '\n';
        else if (at < value.size())
            text += value[at];
    }
    return text;
}

// Armor, base64, or a "data" URL with base64 (RFC 2397).
std::optional<std::string> key_of_value(std::string_view value)
{
    std::string text = without_escapes(value);
    if (auto octets = dearmored(text, "PUBLIC KEY BLOCK"))
        return octets;
    if (starts_ignoring_case(text, "data:")) {
        const GString8 plain(
            g_uri_unescape_string(text.substr(text.find(',') + 1).c_str(), nullptr));
        text = plain ? plain.get() : "";
    }
    return from_base64(text);
}

} // namespace

std::optional<std::string> key_of_vcard(std::string_view text)
{
    for (const std::string& line : unfolded(text)) {
        const auto end = line.find_first_of(":;"), colon = line.find(':');
        const std::string name = line.substr(0, end);
        if (colon == line.npos || !equal_ignoring_case(name.substr(name.rfind('.') + 1), "KEY"))
            continue; // a group may stand before the name: "item1.KEY"
        if (auto octets = key_of_value(std::string_view(line).substr(colon + 1));
            octets && is_public_key(*octets))
            return octets;
    }
    return std::nullopt;
}

std::string vcard(std::string_view address, std::string_view name, std::string_view key)
{
    return "BEGIN:VCARD\r\nVERSION:4.0\r\nEMAIL:" + text_value(address) +
           "\r\nFN:" + text_value(name) + "\r\n" +
           folded("KEY:data:application/pgp-keys;base64," + to_base64(key)) + "END:VCARD\r\n";
}

std::string invite_number(std::string_view address) { return number("invite", address); }

std::string invite_link(std::string_view address, std::string_view name,
                        std::string_view fingerprint)
{
    return "https://i.delta.chat/#" + std::string(fingerprint) + "&i=" + invite_number(address) +
           "&s=" + number("auth", address) + "&a=" + escaped(address) + "&n=" + escaped(name);
}
