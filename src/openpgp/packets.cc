#include "openpgp/packets.hh"

#include "ascii.hh"
#include "handle.hh"

#include <array>
#include <cstdint>
#include <optional>

namespace {

// RFC 9580 5, and GnuPG's packet of authenticated data.
enum Tag {
    session_key = 1,
    signature = 2,
    password_session_key = 3,
    public_key = 6,
    marker = 10,
    trust = 12,
    user_id = 13,
    public_subkey = 14,
    user_attribute = 17,
    encrypted_data = 18,
    authenticated_data = 20
};

struct Packet {
    int tag;
    std::string_view body; // of several parts the first
};

std::uint32_t big_endian(std::string_view octets)
{
    std::uint32_t number = 0;
    for (const char octet : octets)
        number = number << 8 | static_cast<unsigned char>(octet);
    return number;
}

// Takes octets from the front. None: there are not so many.
std::optional<std::string_view> take(std::string_view& rest, std::size_t count)
{
    if (rest.size() < count)
        return std::nullopt;
    const std::string_view taken = rest.substr(0, count);
    rest.remove_prefix(count);
    return taken;
}

struct Length {
    std::size_t octets;
    bool is_partial; // another length follows the octets
};

std::optional<Length> take_number(std::string_view& rest, std::size_t count)
{
    const auto octets = take(rest, count);
    if (!octets)
        return std::nullopt;
    return Length{big_endian(*octets), false};
}

// 4.2.1
std::optional<Length> take_new_length(std::string_view& rest)
{
    const auto first = take_number(rest, 1);
    if (!first || first->octets < 192)
        return first;
    if (first->octets == 255)
        return take_number(rest, 4);
    if (first->octets >= 224)
        return Length{std::size_t(1) << (first->octets & 31), true};
    const auto second = take_number(rest, 1);
    if (!second)
        return std::nullopt;
    return Length{(first->octets - 192) * 256 + second->octets + 192, false};
}

// 4.2.2
std::optional<Length> take_old_length(std::string_view& rest, int type)
{
    if (type == 3) // to the end
        return Length{rest.size(), false};
    return take_number(rest, std::size_t(1) << type);
}

// Takes a whole packet from the front. None: there is none.
std::optional<Packet> take_packet(std::string_view& rest)
{
    const auto head = take(rest, 1);
    const int octet = head ? static_cast<unsigned char>(head->front()) : 0;
    if (!(octet & 0x80))
        return std::nullopt;
    const bool is_new = octet & 0x40;
    auto length = is_new ? take_new_length(rest) : take_old_length(rest, octet & 3);
    const auto body = length ? take(rest, length->octets) : std::nullopt;
    while (length && length->is_partial) {
        length = take_new_length(rest);
        if (!length || !take(rest, length->octets))
            return std::nullopt;
    }
    if (!body || body->empty())
        return std::nullopt;
    return Packet{is_new ? octet & 0x3f : octet >> 2 & 0x0f, *body};
}

std::string new_head(int tag, std::size_t octets)
{
    std::string head(1, static_cast<char>(0xc0 | tag));
    if (octets < 192)
        return head + static_cast<char>(octets);
    if (octets < 8384)
        return head + static_cast<char>((octets - 192) / 256 + 192) +
               static_cast<char>((octets - 192) % 256);
    head += '\xff';
    for (const int shift : {24, 16, 8, 0})
        head += static_cast<char>(octets >> shift);
    return head;
}

} // namespace

bool is_within_bounds(std::string_view message)
{
    constexpr int most_session_keys = 16; // gpg takes 4 ms for each
    for (int keys = 0; keys <= most_session_keys; ++keys) {
        const auto packet = take_packet(message);
        if (!packet)
            return false;
        if (packet->tag == encrypted_data || packet->tag == authenticated_data)
            return keys > 0 && packet->body[0] == 1 && message.empty();
        if (packet->tag != session_key || packet->body[0] != 3)
            return false;
    }
    return false;
}

bool has_authenticated_data(std::string_view message)
{
    auto packet = take_packet(message);
    while (packet && packet->tag == session_key)
        packet = take_packet(message);
    return packet && packet->tag == authenticated_data;
}

bool begins_encrypted(std::string_view octets)
{
    const auto packet = take_packet(octets);
    return packet && (packet->tag == session_key || packet->tag == password_session_key ||
                      packet->tag == encrypted_data || packet->tag == authenticated_data);
}

bool is_public_key(std::string_view octets)
{
    constexpr std::size_t most_octets = 16384;
    if (octets.size() > most_octets)
        return false;
    const auto first = take_packet(octets);
    if (!first || first->tag != public_key || first->body[0] != 4)
        return false;
    while (!octets.empty()) {
        const auto packet = take_packet(octets);
        if (!packet)
            return false;
        switch (packet->tag) {
        case signature:
        case marker:
        case trust:
        case user_id:
        case public_subkey:
        case user_attribute: break;
        default: return false;
        }
    }
    return true;
}

bool has_user_id_with(std::string_view key, std::string_view address)
{
    const std::string name = lower_case(address);
    while (const auto packet = take_packet(key)) {
        const std::string id = packet->tag == user_id ? lower_case(packet->body) : "";
        if (id == name || id.find("<" + name + ">") != id.npos)
            return true;
    }
    return false;
}

std::string fingerprint_of(std::string_view key)
{
    const auto packet = take_packet(key);
    if (!packet)
        return "";
    std::string hashed = "\x99";
    hashed += static_cast<char>(packet->body.size() >> 8);
    hashed += static_cast<char>(packet->body.size());
    hashed += packet->body;
    const GString8 hash(g_compute_checksum_for_data(
        G_CHECKSUM_SHA1, reinterpret_cast<const guchar*>(hashed.data()), hashed.size()));
    const GString8 upper(g_ascii_strup(hash.get(), -1));
    return upper.get();
}

std::string with_new_heads(std::string_view message)
{
    std::string result;
    for (;;) {
        const std::string_view whole = message;
        const auto packet = take_packet(message);
        if (!packet || packet->tag != session_key)
            return result.append(whole);
        result += new_head(packet->tag, packet->body.size());
        result += packet->body;
    }
}
