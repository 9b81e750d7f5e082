#include "openpgp/contact.hh"

#include "ascii.hh"
#include "handle.hh"
#include "openpgp/armor.hh"

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

} // namespace

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
