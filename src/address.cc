#include "address.hh"

#include <algorithm>
#include <glib.h>

namespace {

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && g_ascii_isspace(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && g_ascii_isspace(text.back()))
        text.remove_suffix(1);
    return text;
}

bool equal_ignoring_case(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && g_ascii_strncasecmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace

std::string bare_address(std::string_view text)
{
    text = trimmed(text);
    if (text.size() >= 2 && text.front() == '<' && text.back() == '>')
        text = trimmed(text.substr(1, text.size() - 2));
    return std::string(equal_ignoring_case(text, "MAILER-DAEMON") ? "" : text);
}

bool has_control(std::string_view text)
{
    return std::any_of(text.begin(), text.end(), [](char c) { return g_ascii_iscntrl(c); });
}

bool is_sendable(std::string_view address)
{
    // RFC 5321 4.5.3.1: 64 octets of local part, "@", 255 of domain. A quoted local part may hold more than this lets through; no provider has such.
    const auto at = address.rfind('@');
    return !address.empty() && address.size() <= 320 && at != 0 && at != address.size() - 1 && !has_control(address) &&
           address.find_first_of(" ,;:<>()\"\\") == std::string_view::npos &&
           g_utf8_validate_len(address.data(), address.size(), nullptr);
}

bool same_address(std::string_view a, std::string_view b) { return equal_ignoring_case(a, b); }

std::string mailbox_address(std::string_view mailbox)
{
    mailbox = trimmed(mailbox);
    if (const auto open = mailbox.rfind('<'); open != std::string_view::npos && mailbox.ends_with('>')) {
        if (has_control(mailbox))
            return "";
        mailbox = mailbox.substr(open);
    }
    const std::string address = bare_address(mailbox);
    return is_sendable(address) ? address : "";
}
