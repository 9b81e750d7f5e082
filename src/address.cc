#include "address.hh"

#include "ascii.hh"

#include <algorithm>
#include <glib.h>
#include <vector>

using namespace std::string_view_literals;

namespace {

// RFC 5322 3.2.3, and what RFC 6531 3.3 adds.
bool is_atom_char(char c)
{
    return static_cast<unsigned char>(c) >= 0x80 || g_ascii_isalnum(c) ||
           "!#$%&'*+-/=?^_`{|}~"sv.find(c) != std::string_view::npos;
}

// Atoms with one dot between each two.
bool is_dot_atom(std::string_view text)
{
    return !text.empty() && text.front() != '.' && text.back() != '.' &&
           text.find("..") == std::string_view::npos &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return c == '.' || is_atom_char(c); });
}

// A name, or an address literal of IPv4 (RFC 5321 4.1.3).
bool is_domain(std::string_view text)
{
    const bool is_literal = text.size() > 2 && text.front() == '[' && text.back() == ']' &&
                            text.find_first_not_of("0123456789.", 1) == text.size() - 1;
    return is_literal || is_dot_atom(text);
}

// The address that a forwarder or a signer rewrote.
std::string undo_rewriting(std::string_view address)
{
    const auto at = address.rfind('@');
    if (at == std::string_view::npos)
        return std::string(address);
    const std::string_view local = address.substr(0, at);
    // The local part cut at "="; SRS may have "-" or "+" instead behind its tag.
    std::vector<std::string_view> parts;
    for (std::size_t start = 0;;) {
        const auto end = local.find_first_of(parts.empty() ? "=-+" : "=", start);
        parts.push_back(local.substr(start, end - start));
        if (end == std::string_view::npos)
            break;
        start = end + 1;
    }
    const auto from_part = [&](std::size_t from) {
        return local.substr(static_cast<std::size_t>(parts[from].data() - local.data()));
    };
    // SRS0=hash=day=domain=local@forwarder
    // SRS1=hash=forwarder==hash=day=domain=local@second-forwarder
    // prvs=tag=local@domain (draft-levine-smtp-batv)
    // btv1==tag==local@domain
    if (equal_ignoring_case(parts[0], "SRS0") && parts.size() >= 5)
        return std::string(from_part(4)) + "@" + std::string(parts[3]);
    if (equal_ignoring_case(parts[0], "SRS1") && parts.size() >= 8)
        return std::string(from_part(7)) + "@" + std::string(parts[6]);
    if (equal_ignoring_case(parts[0], "prvs") && parts.size() >= 3)
        return std::string(from_part(2)) + std::string(address.substr(at));
    if (equal_ignoring_case(parts[0], "btv1") && parts.size() >= 5 && parts[1].empty())
        return std::string(from_part(4)) + std::string(address.substr(at));
    return std::string(address);
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
    // RFC 5321 4.5.3.1: 64 octets of local part, "@", 255 of domain. A quoted local part may have
    // other characters too, but no provider gives out such an address.
    const auto at = address.find('@');
    return address.size() <= 320 && is_dot_atom(address.substr(0, at)) &&
           (at == std::string_view::npos || is_domain(address.substr(at + 1))) &&
           g_utf8_validate_len(address.data(), address.size(), nullptr);
}

bool same_address(std::string_view a, std::string_view b) { return equal_ignoring_case(a, b); }

std::string mailbox_address(std::string_view mailbox)
{
    mailbox = trimmed(mailbox);
    if (const auto open = mailbox.rfind('<');
        open != std::string_view::npos && mailbox.ends_with('>')) {
        const std::string_view name = trimmed(mailbox.substr(0, open));
        const bool is_quoted = name.size() >= 2 && name.front() == '"' && name.back() == '"';
        if (has_control(mailbox) ||
            (!is_quoted && name.find_first_of(",:;<>@\"") != std::string_view::npos))
            return "";
        mailbox = mailbox.substr(open);
    }
    const std::string address = bare_address(mailbox);
    return is_sendable(address) ? address : "";
}

std::string canonical_address(std::string_view address)
{
    const std::string canonical = lower_case(undo_rewriting(address));
    const auto at = canonical.rfind('@');
    std::string local = canonical.substr(0, at),
                domain = at == std::string::npos ? "" : canonical.substr(at);
    if (const auto plus = local.find('+'); plus != std::string::npos && plus > 0)
        local.resize(plus);
    if (domain == "@gmail.com" || domain == "@googlemail.com") {
        domain = "@gmail.com";
        local.erase(std::remove(local.begin(), local.end(), '.'), local.end());
    }
    return local + domain;
}
