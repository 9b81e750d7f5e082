#include "domain.hh"

#include "ascii.hh"
#include "handle.hh"
#include "rfc5322.hh"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <glib.h>

namespace {

constexpr std::string_view ideographic_full_stop = "\u3002";

// The address in "[192.0.2.1]" or "[IPv6:2001:db8::1]" in one form; "": it is none.
std::string literal_address(std::string_view text)
{
    if (text.size() < 2 || text.front() != '[' || text.back() != ']')
        return "";
    std::string address(text.substr(1, text.size() - 2));
    constexpr std::string_view tag = "IPv6:";
    const bool is_ipv6 = starts_ignoring_case(address, tag);
    const int family = is_ipv6 ? AF_INET6 : AF_INET;
    address.erase(0, is_ipv6 ? tag.size() : 0);
    in6_addr octets;
    std::array<char, INET6_ADDRSTRLEN> written;
    if (address.find('\0') != address.npos || inet_pton(family, address.c_str(), &octets) != 1 ||
        !inet_ntop(family, &octets, written.data(), written.size()))
        return "";
    return (is_ipv6 ? "ipv6:" : "") + std::string(written.data());
}

std::string normalized(std::string_view utf8, GNormalizeMode mode)
{
    const GString8 result(
        g_utf8_normalize(utf8.data(), static_cast<gssize>(utf8.size()), mode)); // null: not UTF-8
    return result ? result.get() : "";
}

// RFC 5890 2.3.2.1: whether the letters are written as a U-label has them.
bool is_u_label(const std::string& label)
{
    const auto is_foreign = [](char c) {
        return g_ascii_isprint(c) && !g_ascii_islower(c) && !g_ascii_isdigit(c) && c != '-';
    };
    if (normalized(label, G_NORMALIZE_NFKC) != label || label.empty() ||
        std::any_of(label.begin(), label.end(),
                    [&](char c) { return is_foreign(c) || g_ascii_iscntrl(c); }) ||
        label.find(ideographic_full_stop) != label.npos)
        return false;
    const GString8 small(g_utf8_strdown(label.data(), static_cast<gssize>(label.size())));
    return small.get() == label && !g_str_is_ascii(label.c_str());
}

// An A-label's U-label, any other label as it is.
std::string label_name(const std::string& label)
{
    if (!label.starts_with("xn--") || label.find('\0') != label.npos)
        return label;
    const GString8 decoded(g_hostname_to_unicode(label.c_str())); // null: not Punycode
    return decoded && is_u_label(decoded.get()) ? decoded.get() : label;
}

} // namespace

bool is_domain(std::string_view text)
{
    return is_dot_atom(text) || !literal_address(text).empty();
}

std::string domain_name(std::string_view domain)
{
    if (const std::string address = literal_address(domain); !address.empty())
        return "[" + address + "]";
    if (domain.ends_with('.'))
        domain.remove_suffix(1);
    std::string name;
    for (std::size_t start = 0;;) {
        const auto end = std::min(domain.find('.', start), domain.size());
        name += label_name(lower_case(domain.substr(start, end - start)));
        if (end == domain.size())
            return name;
        name += '.';
        start = end + 1;
    }
}

std::string folded_domain(std::string_view domain)
{
    if (std::string name = domain_name(domain); is_ascii(domain) && is_ascii(name))
        return name;
    std::string compatible = normalized(domain, G_NORMALIZE_NFKC);
    for (std::size_t at = 0; (at = compatible.find(ideographic_full_stop)) != compatible.npos;)
        compatible.replace(at, ideographic_full_stop.size(), ".");
    const std::string name = domain_name(compatible.empty() ? domain : compatible),
                      decomposed = normalized(name, G_NORMALIZE_NFKD);
    const GString8 small(g_utf8_casefold(decomposed.c_str(), -1));
    return decomposed.empty() ? name : normalized(small.get(), G_NORMALIZE_NFKC);
}

std::string_view domain_part(std::string_view address)
{
    const auto at = address.rfind('@');
    return at == address.npos ? "" : address.substr(at + 1);
}
