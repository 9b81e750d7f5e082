#include "address.hh"

#include "ascii.hh"
#include "domain.hh"
#include "handle.hh"
#include "rfc5322.hh"

#include <algorithm>
#include <glib.h>
#include <optional>
#include <vector>

namespace {

// The local part cut at "="; SRS may have "-" or "+" instead behind its tag.
std::vector<std::string_view> parts_of(std::string_view local)
{
    std::vector<std::string_view> parts;
    for (std::size_t start = 0;;) {
        const auto end = local.find_first_of(parts.empty() ? "=-+" : "=", start);
        parts.push_back(local.substr(start, end - start));
        if (end == local.npos)
            return parts;
        start = end + 1;
    }
}

// The address that a forwarder or a signer rewrote, without what the last of them did. None: nobody
// did anything.
std::optional<std::string> undo_rewriting(std::string_view address)
{
    const std::string domain(domain_part(address));
    const std::string_view local = address.substr(0, address.rfind('@'));
    const auto parts = parts_of(local);
    const auto all_from = [&](std::string_view part) {
        return std::string(part.data(), local.data() + local.size());
    };
    // SRS0=hash=day=domain=local@forwarder
    // SRS1=hash=forwarder==hash=day=domain=local@second-forwarder
    // prvs=tag=local@domain (draft-levine-smtp-batv)
    // btv1==tag==local@domain
    if (equal_ignoring_case(parts[0], "SRS0") && parts.size() >= 5)
        return all_from(parts[4]) + "@" + std::string(parts[3]);
    if (equal_ignoring_case(parts[0], "SRS1") && parts.size() >= 8)
        return all_from(parts[7]) + "@" + std::string(parts[6]);
    if (equal_ignoring_case(parts[0], "prvs") && parts.size() >= 3)
        return all_from(parts[2]) + "@" + domain;
    if (equal_ignoring_case(parts[0], "btv1") && parts.size() >= 5 && parts[1].empty())
        return all_from(parts[4]) + "@" + domain;
    // Microsoft 365: mailbox+SRS=hash=day=domain=local@forwarder
    if (const auto plus = lower_case(local).find("+srs="); plus != local.npos)
        if (const auto srs = parts_of(local.substr(plus + 1)); srs.size() >= 5)
            return all_from(srs[4]) + "@" + std::string(srs[3]);
    return std::nullopt;
}

// Microsoft 365 gives a person whose rewritten local part would have more than 64 octets the
// address bounces+SRS=hash=day@forwarder.
bool is_nameless(std::string_view local)
{
    const auto parts = parts_of(local);
    return parts.size() == 4 && equal_ignoring_case(parts[0], "bounces") &&
           equal_ignoring_case(parts[1], "SRS");
}

// Without regard to case and to how a letter with an accent is put together (RFC 6532 3.1).
std::string folded(std::string_view local)
{
    if (is_ascii(local))
        return lower_case(local);
    const auto size = static_cast<gssize>(local.size());
    const GString8 decomposed(g_utf8_normalize(local.data(), size, G_NORMALIZE_NFD));
    if (!decomposed) // it is not UTF-8
        return lower_case(local);
    const GString8 small(g_utf8_casefold(decomposed.get(), -1));
    return GString8(g_utf8_normalize(small.get(), -1, G_NORMALIZE_NFC)).get();
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

bool same_address(std::string_view a, std::string_view b)
{
    const std::string_view domain_a = domain_part(a), domain_b = domain_part(b);
    return equal_ignoring_case(a.substr(0, a.size() - domain_a.size()),
                               b.substr(0, b.size() - domain_b.size())) &&
           domain_name(domain_a) == domain_name(domain_b);
}

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

Sender sender_of(std::string_view address)
{
    const std::string wrapper = folded_domain(domain_part(address));
    std::string plain(address);
    // A wrapping can have others in it; each makes it shorter.
    while (auto unwrapped = undo_rewriting(plain))
        plain = *std::move(unwrapped);
    std::string local = folded(std::string_view(plain).substr(0, plain.rfind('@'))),
                domain = folded_domain(domain_part(plain));
    if (is_nameless(local))
        return {local + "@" + domain, wrapper};
    const bool is_wrapped = domain != wrapper;
    if (const auto plus = local.find('+'); plus != std::string::npos && plus > 0)
        local.resize(plus);
    if (domain == "gmail.com" || domain == "googlemail.com") {
        domain = "gmail.com";
        std::erase(local, '.');
    }
    return {domain.empty() ? local : local + "@" + domain, is_wrapped ? wrapper : ""};
}

std::string canonical_address(std::string_view address) { return sender_of(address).address; }

std::string sender_identity(std::string_view address)
{
    const Sender sender = sender_of(address);
    // A line feed is in no address.
    return sender.wrapped_by.empty() ? sender.address : sender.address + '\n' + sender.wrapped_by;
}
