#include "sdp.hh"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <glib.h>
#include <initializer_list>
#include <set>
#include <string>
#include <vector>

namespace {

using Words = std::vector<std::string_view>;

Words split(std::string_view text, char separator)
{
    Words words;
    for (;;) {
        const auto end = text.find(separator);
        words.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return words;
        text.remove_prefix(end + 1);
    }
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

template <class Test> bool is_all(std::string_view text, std::size_t shortest, std::size_t longest, Test test)
{
    return text.size() >= shortest && text.size() <= longest && std::all_of(text.begin(), text.end(), test);
}

bool is_number(std::string_view text, std::size_t longest = 20)
{
    return is_all(text, 1, longest, [](char c) { return g_ascii_isdigit(c); });
}

bool is_ice_text(std::string_view text, std::size_t shortest)
{
    return is_all(text, shortest, 256, [](char c) { return g_ascii_isalnum(c) || c == '+' || c == '/'; }); // RFC 8839 5.4
}

bool is_token(std::string_view text) // RFC 8866 9
{
    constexpr std::string_view punctuation = "!#$%&'*+-.^_`{|}~";
    return is_all(text, 1, 256, [&](char c) { return g_ascii_isalnum(c) || punctuation.find(c) != std::string_view::npos; });
}

bool is_address(std::string_view text)
{
    std::array<unsigned char, 16> address;
    const std::string name(text.substr(0, text.find('%')));
    if (inet_pton(AF_INET, name.c_str(), address.data()) == 1 || inet_pton(AF_INET6, name.c_str(), address.data()) == 1)
        return true;
    // A host name; browsers hide addresses behind "<uuid>.local". An address that lost or gained something is none.
    const auto is_name_char = [](char c) { return g_ascii_isalnum(c) || c == '-' || c == '.'; };
    return is_all(text, 3, 253, is_name_char) && text.find('.') != std::string_view::npos && g_ascii_isalpha(text.back());
}

bool is_fingerprint(std::string_view text) // RFC 8122 5
{
    const Words words = split(text, ' ');
    if (words.size() != 2 || !is_one_of(words[0], {"sha-1", "sha-224", "sha-256", "sha-384", "sha-512", "md5", "SHA-256"}))
        return false;
    const Words pairs = split(words[1], ':');
    return pairs.size() > 1 && std::all_of(pairs.begin(), pairs.end(), [](std::string_view pair) {
               return is_all(pair, 2, 2, [](char c) { return g_ascii_isxdigit(c); });
           });
}

bool is_known_extension(std::string_view name, std::string_view value)
{
    if (name == "raddr")
        return is_address(value);
    if (name == "tcptype")
        return is_one_of(value, {"active", "passive", "so"});
    if (name == "ufrag")
        return is_ice_text(value, 4);
    return is_one_of(name, {"rport", "generation", "network-id", "network-cost"}) && is_number(value, 5);
}

bool is_candidate(std::string_view text, bool closed) // RFC 8839 5.1
{
    const Words words = split(text, ' ');
    if (words.size() < 8 || words.size() % 2 != 0 || words[6] != "typ")
        return false;
    std::string transport(words[2]);
    std::transform(transport.begin(), transport.end(), transport.begin(), g_ascii_tolower);
    if (!is_ice_text(words[0], 1) || !is_number(words[1], 3) || !is_one_of(transport, {"udp", "tcp", "ssltcp"}) || !is_number(words[3], 10) ||
        !is_address(words[4]) || !is_number(words[5], 5) || !is_one_of(words[7], {"host", "srflx", "prflx", "relay"}))
        return false;
    std::set<std::string_view> seen;
    for (std::size_t i = 8; i < words.size(); i += 2)
        if (!seen.insert(words[i]).second || !(closed ? is_known_extension(words[i], words[i + 1]) : is_token(words[i]) && !words[i + 1].empty()))
            return false;
    return true;
}

bool is_connection(std::string_view text)
{
    const Words words = split(text, ' ');
    return words.size() == 3 && words[0] == "IN" && is_one_of(words[1], {"IP4", "IP6"}) && is_address(words[2]);
}

bool is_origin(std::string_view text)
{
    const Words words = split(text, ' ');
    return words.size() == 6 && !words[0].empty() && is_number(words[1]) && is_number(words[2]) &&
           is_connection(text.substr(static_cast<std::size_t>(words[3].data() - text.data())));
}

bool is_media(std::string_view text, bool closed)
{
    const Words words = split(text, ' ');
    if (words.size() < 4 || !is_number(words[1], 5))
        return false;
    if (!closed)
        return std::all_of(words.begin(), words.end(), [](std::string_view word) { return !word.empty(); });
    return words.size() == 4 && words[0] == "application" && is_one_of(words[2], {"UDP/DTLS/SCTP", "TCP/DTLS/SCTP", "DTLS/SCTP"}) &&
           (words[3] == "webrtc-datachannel" || is_number(words[3], 5));
}

enum class Fit { no, yes, unknown };

Fit fit(bool fits) { return fits ? Fit::yes : Fit::no; }

Fit fit_of_attribute(std::string_view name, std::string_view value, bool has_value, bool closed)
{
    if (is_one_of(name, {"extmap-allow-mixed", "sendrecv", "sendonly", "recvonly", "inactive", "end-of-candidates", "ice-lite", "rtcp-mux",
                         "rtcp-rsize"}))
        return fit(!has_value);
    if (name == "candidate")
        return fit(is_candidate(value, closed));
    if (name == "fingerprint")
        return fit(is_fingerprint(value));
    if (name == "ice-ufrag")
        return fit(is_ice_text(value, 4) || (!closed && is_token(value)));
    if (name == "ice-pwd")
        return fit(is_ice_text(value, 22) || (!closed && is_token(value)));
    if (name == "setup")
        return fit(is_one_of(value, {"actpass", "active", "passive", "holdconn"}));
    if (name == "sctp-port" || name == "max-message-size")
        return fit(is_number(value));
    if (name == "mid")
        return fit(is_token(value));
    if (name == "group") {
        const Words words = split(value, ' ');
        return fit(words.size() > 1 && (words[0] == "BUNDLE" || !closed) && std::all_of(words.begin(), words.end(), is_token));
    }
    if (name == "ice-options") {
        const Words words = split(value, ' ');
        return fit(std::all_of(words.begin(), words.end(), [&](std::string_view word) {
            return closed ? is_one_of(word, {"trickle", "ice2", "renomination"}) : is_token(word);
        }));
    }
    if (name == "msid-semantic" && closed)
        return fit(is_one_of(value, {"WMS", " WMS", "WMS *", " WMS *", "WMS*"}));
    if (name == "sctpmap" && closed) {
        const Words words = split(value, ' ');
        return fit(words.size() == 3 && is_number(words[0], 5) && words[1] == "webrtc-datachannel" && is_number(words[2], 5));
    }
    return Fit::unknown;
}

Fit fit_of_line(std::string_view line, bool closed)
{
    if (line.size() < 2 || line[1] != '=')
        return Fit::unknown;
    const std::string_view value = line.substr(2);
    switch (line[0]) {
    case 'v': return fit(value == "0");
    case 'o': return fit(is_origin(value));
    case 's': return closed ? fit(value == "-") : Fit::unknown;
    case 't': return fit(closed ? value == "0 0" : split(value, ' ').size() == 2);
    case 'c': return fit(is_connection(value));
    case 'm': return fit(is_media(value, closed));
    case 'b': return closed ? fit(is_one_of(value.substr(0, value.find(':')), {"AS", "TIAS"}) && is_number(split(value, ':').back())) : Fit::unknown;
    case 'a': {
        const auto colon = value.find(':');
        const bool has_value = colon != std::string_view::npos;
        return fit_of_attribute(value.substr(0, colon), has_value ? value.substr(colon + 1) : "", has_value, closed);
    }
    default: return Fit::unknown;
    }
}

} // namespace

bool is_known_sdp_line(std::string_view line) { return fit_of_line(line, true) == Fit::yes; }

bool is_plausible_sdp(std::string_view sdp)
{
    for (std::string_view line : split(sdp, '\n')) {
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (fit_of_line(line, false) == Fit::no)
            return false;
    }
    return true;
}
