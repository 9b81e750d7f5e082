#include "recover/sdp.hh"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <glib.h>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace {

enum class Fit { no, yes, unknown };

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

// `words`: separated by blanks.
bool is_one_of(std::string_view word, std::string_view words)
{
    const Words all = split(words, ' ');
    return std::find(all.begin(), all.end(), word) != all.end();
}

template <class Test>
bool is_all(std::string_view text, std::size_t shortest, std::size_t longest, Test test)
{
    return text.size() >= shortest && text.size() <= longest &&
           std::all_of(text.begin(), text.end(), test);
}

// As programs write one: without zeros in front.
bool is_number(std::string_view text, std::size_t longest = 20)
{
    return (text.size() < 2 || text[0] != '0') &&
           is_all(text, 1, longest, [](char c) { return g_ascii_isdigit(c); });
}

bool is_ice_text(std::string_view text, std::size_t shortest)
{
    return is_all(text, shortest, 256, [](char c) {
        return g_ascii_isalnum(c) || c == '+' || c == '/';
    }); // RFC 8839 5.4
}

bool is_name(std::string_view text, std::string_view punctuation)
{
    return is_all(text, 1, 64,
                  [&](char c) {
                      return g_ascii_isalnum(c) || c == '-' || c == '_' ||
                             punctuation.find(c) != std::string_view::npos;
                  }) &&
           text.find("..") == std::string_view::npos;
}

bool is_address(std::string_view text)
{
    std::array<unsigned char, 16> address;
    const std::string name(text);
    if (inet_pton(AF_INET, name.c_str(), address.data()) == 1 ||
        inet_pton(AF_INET6, name.c_str(), address.data()) == 1)
        return true;
    // Browsers hide addresses behind "<uuid>.local" (RFC 9562 4).
    constexpr std::string_view uuid = "00000000-0000-0000-0000-000000000000.local";
    return std::equal(text.begin(), text.end(), uuid.begin(), uuid.end(),
                      [](char c, char u) { return u == '0' ? g_ascii_isxdigit(c) : c == u; });
}

bool is_connection(std::string_view text)
{
    const Words words = split(text, ' ');
    return words.size() == 3 && words[0] == "IN" && is_one_of(words[1], "IP4 IP6") &&
           is_address(words[2]);
}

Fit fit_of_origin(std::string_view text)
{
    const Words words = split(text, ' ');
    if (words.size() != 6 || !is_number(words[1]) || !is_number(words[2]) ||
        !is_connection(text.substr(static_cast<std::size_t>(words[3].data() - text.data()))))
        return Fit::no;
    constexpr std::string_view firefox =
        "mozilla...THIS_IS_SDPARTA-"; // and its version, such as 128.0
    const Words version = split(words[0].substr(std::min(firefox.size(), words[0].size())), '.');
    if (words[0] == "-" || words[0] == "rtc" ||
        (words[0].starts_with(firefox) && version.size() > 1 && is_number(version[0], 4) &&
         std::all_of(version.begin() + 1, version.end(),
                     [](std::string_view part) { return is_number(part, 2); })))
        return Fit::yes;
    return is_name(words[0], "") ? Fit::unknown : Fit::no;
}

bool is_media(std::string_view text)
{
    const Words words = split(text, ' ');
    return words.size() == 4 && words[0] == "application" && is_number(words[1], 5) &&
           is_one_of(words[2], "UDP/DTLS/SCTP TCP/DTLS/SCTP DTLS/SCTP") &&
           (words[3] == "webrtc-datachannel" || is_number(words[3], 5));
}

// The discard port, or one of those that a system gives out.
bool has_usual_port(std::string_view media)
{
    const std::string_view port = split(media, ' ')[1];
    return port == "9" || port.size() >= 4;
}

bool is_fingerprint(std::string_view text) // RFC 8122 5
{
    const Words words = split(text, ' ');
    if (words.size() != 2 || !is_one_of(words[0], "sha-1 sha-224 sha-256 sha-384 sha-512"))
        return false;
    const Words pairs = split(words[1], ':');
    // The request in Snowflake's README has two.
    return (pairs.size() == 2 || is_one_of(std::to_string(pairs.size()), "20 28 32 48 64")) &&
           std::all_of(pairs.begin(), pairs.end(), [](std::string_view pair) {
               return is_all(pair, 2, 2, [](char c) { return g_ascii_isxdigit(c); });
           });
}

bool is_candidate_extension(std::string_view name, std::string_view value)
{
    if (name == "raddr")
        return is_address(value);
    if (name == "tcptype")
        return is_one_of(value, "active passive so");
    if (name == "ufrag")
        return is_ice_text(value, 4);
    return is_one_of(name, "rport generation network-id network-cost") && is_number(value, 5);
}

bool is_candidate(std::string_view text) // RFC 8839 5.1
{
    const Words words = split(text, ' ');
    if (words.size() < 8 || words.size() % 2 != 0 || words[6] != "typ")
        return false;
    const bool is_masked =
        words[0].find("XXXX") != std::string_view::npos; // by a filter that looks for card numbers
    if (is_masked || !is_ice_text(words[0], 1) || !is_number(words[1], 1) ||
        !is_one_of(words[2], "udp tcp UDP TCP ssltcp") || !is_number(words[3], 10) ||
        !is_address(words[4]) || !is_number(words[5], 5) ||
        !is_one_of(words[7], "host srflx prflx relay"))
        return false;
    std::set<std::string_view> seen;
    for (std::size_t i = 8; i < words.size(); i += 2)
        if (!seen.insert(words[i]).second || !is_candidate_extension(words[i], words[i + 1]))
            return false;
    return seen.contains("raddr") == seen.contains("rport");
}

// Foundations of browsers and libraries are numbers or hashes.
bool has_usual_foundation(std::string_view candidate)
{
    const std::string_view foundation = candidate.substr(0, candidate.find(' '));
    return is_number(foundation, 10) ||
           is_all(foundation, 32, 32, [](char c) { return g_ascii_isxdigit(c); });
}

bool is_words_of(std::string_view text, std::string_view vocabulary)
{
    const Words words = split(text, ' ');
    return std::all_of(words.begin(), words.end(),
                       [&](std::string_view word) { return is_one_of(word, vocabulary); });
}

struct Attribute {
    std::string_view name;
    bool (*fits)(std::string_view value); // nullptr: it has none
    bool (*is_usual)(std::string_view value) =
        nullptr; // among what fits, what browsers and libraries write; nullptr: all
};

const std::array attributes = {
    Attribute{"candidate", is_candidate, has_usual_foundation},
    Attribute{"fingerprint", is_fingerprint},
    Attribute{"ice-ufrag", [](std::string_view v) { return is_ice_text(v, 4); }, // RFC 8839 5.4
              [](std::string_view v) { return v.size() == 4 || v.size() == 8 || v.size() == 16; }},
    Attribute{
        "ice-pwd", [](std::string_view v) { return is_ice_text(v, 22); },
        [](std::string_view v) { return v.size() == 22 || v.size() == 24 || v.size() == 32; }},
    Attribute{"ice-options",
              [](std::string_view v) {
                  return is_words_of(v,
                                     "trickle ice2 ice2,trickle renomination google-ice rtp+ecn");
              }},
    Attribute{"setup",
              [](std::string_view v) { return is_one_of(v, "actpass active passive holdconn"); }},
    Attribute{"mid", [](std::string_view v) { return is_name(v, ""); }},
    Attribute{"group",
              [](std::string_view v) {
                  const Words w = split(v, ' ');
                  return w.size() == 2 && w[0] == "BUNDLE" && is_name(w[1], "");
              }},
    Attribute{"sctp-port", [](std::string_view v) { return is_number(v, 5); }},
    Attribute{"max-message-size", [](std::string_view v) { return is_number(v); }},
    Attribute{"msid-semantic",
              [](std::string_view v) {
                  return v == "WMS*" || v == " WMS" || v == "WMS *";
              }}, // pion; Chromium; Firefox
    Attribute{"sctpmap",
              [](std::string_view v) {
                  const Words w = split(v, ' ');
                  return w.size() == 3 && is_number(w[0], 5) && w[1] == "webrtc-datachannel" &&
                         is_number(w[2], 5);
              }},
    Attribute{"extmap-allow-mixed", nullptr},
    Attribute{"end-of-candidates", nullptr},
    Attribute{"sendrecv", nullptr},
    Attribute{"sendonly", nullptr},
    Attribute{"recvonly", nullptr},
    Attribute{"inactive", nullptr},
    Attribute{"ice-lite", nullptr},
};

// Whether the name is the beginning of a known one and the end of one, with a letter between them
// or none: what is left where some were lost, changed or doubled.
bool is_damaged_name(std::string_view name)
{
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(), g_ascii_tolower);
    std::size_t head = 0, tail = 0;
    for (const auto& [known, fits, is_usual] : attributes) {
        head = std::max(
            head, static_cast<std::size_t>(
                      std::mismatch(lower.begin(), lower.end(), known.begin(), known.end()).first -
                      lower.begin()));
        tail = std::max(
            tail,
            static_cast<std::size_t>(
                std::mismatch(lower.rbegin(), lower.rend(), known.rbegin(), known.rend()).first -
                lower.rbegin()));
    }
    return head + tail + 1 >= lower.size();
}

Fit fit_of_attribute(std::string_view text)
{
    const auto colon = text.find(':');
    const std::string_view name = text.substr(0, colon);
    const bool has_value = colon != std::string_view::npos;
    const std::string_view value = has_value ? text.substr(colon + 1) : "";
    for (const auto& [known, fits, is_usual] : attributes)
        if (name == known)
            return !(fits ? has_value && fits(value) : !has_value) ? Fit::no
                   : is_usual && !is_usual(value)                  ? Fit::unknown
                                                                   : Fit::yes;
    const bool is_odd =
        value.starts_with(' ') || value.ends_with(' ') ||
        std::any_of(value.begin(), value.end(), [](char c) { return !g_ascii_isprint(c); });
    return is_damaged_name(name) || !is_name(name, "") || (has_value && value.empty()) || is_odd
               ? Fit::no
               : Fit::unknown;
}

Fit fit_of_line(std::string_view line)
{
    constexpr std::size_t longest_line = 1000;
    if (line.size() < 3 || line.size() > longest_line || line[1] != '=')
        return Fit::no;
    const std::string_view value = line.substr(2);
    const auto fit = [](bool fits) { return fits ? Fit::yes : Fit::no; };
    switch (line[0]) {
    case 'v': return fit(value == "0");
    case 'o': return fit_of_origin(value);
    case 's': return fit(value == "-"); // RFC 8829 5.2.1
    case 't': return fit(value == "0 0");
    case 'c': return fit(is_connection(value));
    case 'm': return !is_media(value) ? Fit::no : has_usual_port(value) ? Fit::yes : Fit::unknown;
    case 'b':
        return fit((value.starts_with("AS:") || value.starts_with("TIAS:")) &&
                   is_number(value.substr(value.find(':') + 1)));
    case 'a': return fit_of_attribute(value);
    default: return Fit::no;
    }
}

// Where lines of two places were joined, or a word came into one: candidates of one foundation have
// one type, and on this host one address (RFC 8445 5.1.1.3); the bundle is the one section (RFC
// 9143 7.2.1).
bool do_agree(const std::set<std::string_view>& lines)
{
    std::map<std::string_view, std::string> foundations;
    std::string_view bundle, mid;
    for (const std::string_view line : lines) {
        constexpr std::string_view candidate = "a=candidate:", group = "a=group:BUNDLE ",
                                   section = "a=mid:";
        if (line.starts_with(group))
            bundle = line.substr(group.size());
        else if (line.starts_with(section))
            mid = line.substr(section.size());
        else if (const Words words = split(line, ' ');
                 line.starts_with(candidate) && words.size() >= 8) {
            const std::string kind =
                std::string(words[7]) + (words[7] == "host" ? " " + std::string(words[4]) : "");
            if (foundations.emplace(words[0], kind).first->second != kind)
                return false;
        }
    }
    return bundle.empty() || mid.empty() || bundle == mid;
}

} // namespace

bool is_known_sdp_line(std::string_view line, std::string_view origin)
{
    // The one pair of known lines that differ in nothing but a blank. pion has written either;
    // Firefox, libdatachannel and aiortc, whose o= line has an NTP time, only that with the blank.
    const bool is_never_pion = origin.starts_with("o=mozilla") || origin.starts_with("o=rtc");
    return fit_of_line(line) == Fit::yes && !(is_never_pion && line == "a=msid-semantic:WMS*");
}

bool is_sound_sdp(std::string_view sdp, Certainty certainty)
{
    const bool to_the_letter = certainty == Certainty::guessed;
    // What an offer of one data channel has exactly once (RFC 8829 5.2.1), and what it doesn't say
    // twice.
    constexpr std::array<std::string_view, 9> once = {
        "v=", "o=", "s=", "t=", "m=", "a=ice-ufrag:", "a=ice-pwd:", "a=mid:", "a=setup:"};
    constexpr std::array<std::string_view, 6> no_more = {
        "a=candidate:",     "a=group:",     "a=extmap-allow-mixed",
        "a=msid-semantic:", "a=sctp-port:", "a=max-message-size:"};
    std::array<int, once.size()> found{};
    std::set<std::string_view> lines;
    const std::string_view line_end = sdp.ends_with("\r\n") ? "\r\n" : "\n";
    constexpr std::size_t longest_word = 64;
    if (!to_the_letter && sdp.size() <= longest_word &&
        sdp.find_first_of("\r\n") == std::string_view::npos)
        return true; // a tester's too: no damage leaves so little of a description
    if (!sdp.starts_with("v=0") || !sdp.ends_with(line_end))
        return false;
    const std::string origin = origin_line_of(sdp);
    while (!sdp.empty()) {
        const std::string_view line = sdp.substr(0, sdp.find(line_end));
        sdp.remove_prefix(line.size() + line_end.size());
        if (fit_of_line(line) == Fit::no || (to_the_letter && !is_known_sdp_line(line, origin)))
            return false;
        for (std::size_t i = 0; i < once.size(); ++i)
            found[i] += line.starts_with(once[i]);
        const bool is_repeated = !lines.insert(line).second;
        if (is_repeated && std::any_of(no_more.begin(), no_more.end(), [&](std::string_view start) {
                return line.starts_with(start);
            }))
            return false;
    }
    if (certainty != Certainty::exact && !do_agree(lines))
        return false;
    const int least = to_the_letter || found[5] + found[6] > 0
                          ? 1
                          : 0; // a description without ICE is nobody's but a tester's
    return std::all_of(found.begin(), found.end(), [&](int n) { return n >= least && n <= 1; });
}

std::string origin_line_of(std::string_view sdp)
{
    constexpr std::size_t longest = 200;
    const std::string_view origin = sdp.substr(std::min(sdp.find("o="), sdp.size()), longest);
    std::string letters(origin.substr(0, origin.find_first_of("\r\n")));
    std::erase(letters, ' ');
    return letters;
}
