#include "link.hh"

#include "deflate.hh"
#include "handle.hh"

#include <algorithm>
#include <array>
#include <glib.h>

namespace {

// RFC 4648 5, without padding.
std::string base64url(const void* octets, std::size_t size)
{
    std::string letters = GString8(g_base64_encode(static_cast<const guchar*>(octets), size)).get();
    std::replace(letters.begin(), letters.end(), '+', '-');
    std::replace(letters.begin(), letters.end(), '/', '_');
    letters.resize(std::min(letters.find('='), letters.size()));
    return letters;
}

// None where a letter is none of its own.
std::optional<std::string> base64url_decoded(std::string_view text)
{
    std::string letters(text);
    for (char& c : letters) {
        if (!g_ascii_isalnum(c) && c != '-' && c != '_')
            return std::nullopt;
        c = c == '-' ? '+' : c == '_' ? '/' : c;
    }
    if (letters.empty() || letters.size() % 4 == 1)
        return std::nullopt;
    letters.append((4 - letters.size() % 4) % 4, '=');
    gsize size = 0;
    g_base64_decode_inplace(letters.data(), &size);
    letters.resize(size);
    return letters;
}

// The value of the first line that begins so; none: there is no such line.
std::optional<std::string_view> value_of(std::string_view sdp, std::string_view start)
{
    while (!sdp.starts_with(start)) {
        const auto end = sdp.find_first_of("\r\n");
        if (end == sdp.npos)
            return std::nullopt;
        sdp.remove_prefix(end + 1);
    }
    sdp.remove_prefix(start.size());
    return sdp.substr(0, sdp.find_first_of("\r\n"));
}

// What stands before the "#"; "" where no link is asked for or none can be had.
std::string base_of(LinkTarget target, const std::string& page)
{
    switch (target) {
    case LinkTarget::none: return "";
    case LinkTarget::page: return page;
    }
    return "http://127.0.0.1:" + std::to_string(static_cast<int>(target)) + "/answer";
}

} // namespace

std::string link_tag(std::string_view sdp)
{
    const auto fragment = value_of(sdp, "a=ice-ufrag:"), password = value_of(sdp, "a=ice-pwd:");
    if (!fragment || !password)
        return "";
    const std::string secret = std::string(*fragment) + ":" + std::string(*password);
    std::array<guint8, 32> digest;
    gsize size = digest.size();
    const Handle<GChecksum, g_checksum_free> sha256(g_checksum_new(G_CHECKSUM_SHA256));
    g_checksum_update(sha256.get(), reinterpret_cast<const guchar*>(secret.data()),
                      static_cast<gssize>(secret.size()));
    g_checksum_get_digest(sha256.get(), digest.data(), &size);
    return base64url(digest.data(), digest.size() / 2);
}

std::string link_data(std::string_view json)
{
    const std::string octets = deflated(json);
    return base64url(octets.data(), octets.size());
}

std::optional<std::string> read_link_data(std::string_view data)
{
    constexpr std::size_t most_octets = 100'000;
    const auto octets = base64url_decoded(data);
    if (!octets)
        return std::nullopt;
    Inflated response = inflated(*octets, most_octets);
    if (!response.is_whole || response.read != octets->size() ||
        !parse_poll_response(response.octets))
        return std::nullopt;
    return std::move(response.octets);
}

std::optional<std::string> make_link(const PollRequest& request, const std::string& page,
                                     std::string_view json)
{
    constexpr std::size_t longest = 2000;
    const std::string base = base_of(request.link, page);
    const std::string tag = base.empty() ? "" : link_tag(sdp_of(request));
    if (tag.empty())
        return std::nullopt;
    std::string link = base + "#" + tag + "." + link_data(json);
    if (link.size() > longest)
        return std::nullopt;
    return link;
}
