#include "recover/sdp.hh"

#include "recover/likeness.hh"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <glib.h>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace {

// Of a line, or of a part of one.
enum class Fit {
    damaged,
    allowed,    // the RFCs allow it, and no client is known that writes it
    unfamiliar, // it may be from a client that nobody knows yet
    known,      // browsers and libraries write it so
};

// What a line must be at least.
Fit least_fit(Certainty certainty)
{
    switch (certainty) {
    case Certainty::exact: return Fit::allowed;
    case Certainty::tidied:
    case Certainty::unwrapped: return Fit::unfamiliar;
    case Certainty::guessed: break;
    }
    return Fit::known;
}

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

bool is_ice_text(std::string_view text, std::size_t shortest) // RFC 8839 5.4
{
    return is_all(text, shortest, 256,
                  [](char c) { return g_ascii_isalnum(c) || c == '+' || c == '/'; });
}

bool is_identifier(std::string_view text)
{
    return is_all(text, 1, 64, [](char c) { return g_ascii_isalnum(c) || c == '-' || c == '_'; });
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

// What a filter puts in place of something: "XXXX", "x.x.x.x".
bool is_mask(std::string_view text)
{
    return is_all(text, 1, 256, [](char c) { return c == 'x' || c == 'X'; });
}

// A host's name (RFC 1123 2.1) in a domain, and no address or UUID that was damaged.
bool is_host_name(std::string_view text)
{
    const auto is_digit = [](char c) { return g_ascii_isdigit(c); };
    const auto is_of_uuid = [](char c) { return g_ascii_isxdigit(c) || c == '-'; };
    const Words labels = split(text, '.');
    const bool is_local_uuid = is_all(labels[0], 20, 63, is_of_uuid);
    const bool is_numeric = std::count_if(labels.begin(), labels.end(), [&](auto label) {
                                return is_all(label, 1, 63, is_digit);
                            }) > 1;
    const bool has_top = labels.back().starts_with("xn--") ||
                         is_all(labels.back(), 2, 63, [](char c) { return g_ascii_isalpha(c); });
    return labels.size() > 1 && text.size() <= 253 && has_top && !is_local_uuid && !is_numeric &&
           std::all_of(labels.begin(), labels.end(), [](std::string_view label) {
               return is_all(label, 1, 63, [](char c) { return g_ascii_isalnum(c) || c == '-'; }) &&
                      label.front() != '-' && label.back() != '-' && !is_mask(label);
           });
}

// RFC 8839 5.1: an address, or a name; RFC 4007 11.2: an address with its zone.
bool is_allowed_address(std::string_view text)
{
    const auto percent = text.find('%');
    if (percent == std::string_view::npos)
        return is_address(text) || is_host_name(text);
    const std::string_view address = text.substr(0, percent);
    return address.find(':') != std::string_view::npos && is_address(address) &&
           is_all(text.substr(percent + 1), 1, 32,
                  [](char c) { return g_ascii_isalnum(c) || c == '-' || c == '.' || c == '_'; });
}

using Test = bool (*)(std::string_view);

bool is_connection(std::string_view text, Test is_its_address = is_address)
{
    const Words words = split(text, ' ');
    return words.size() == 3 && words[0] == "IN" && is_one_of(words[1], "IP4 IP6") &&
           is_its_address(words[2]);
}

Fit fit_of_connection(std::string_view text) // RFC 8866 5.7
{
    return is_connection(text)                       ? Fit::known
           : is_connection(text, is_allowed_address) ? Fit::allowed
                                                     : Fit::damaged;
}

// "mozilla...THIS_IS_SDPARTA-128.0"
bool is_firefox(std::string_view user)
{
    constexpr std::string_view name = "mozilla...THIS_IS_SDPARTA-";
    if (!user.starts_with(name))
        return false;
    const Words version = split(user.substr(name.size()), '.');
    return version.size() > 1 && is_number(version[0], 4) &&
           std::all_of(version.begin() + 1, version.end(),
                       [](std::string_view part) { return is_number(part, 2); });
}

Fit fit_of_origin(std::string_view text) // RFC 8866 5.2
{
    const Words words = split(text, ' ');
    if (words.size() != 6 || !is_number(words[1]) || !is_number(words[2]))
        return Fit::damaged;
    const bool is_known = words[0] == "-" || words[0] == "rtc" || is_firefox(words[0]);
    const Fit user = is_known                  ? Fit::known
                     : is_identifier(words[0]) ? Fit::unfamiliar
                                               : Fit::damaged;
    const auto host = static_cast<std::size_t>(words[3].data() - text.data());
    return std::min(user, fit_of_connection(text.substr(host)));
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

constexpr std::array<std::string_view, 7> candidate_extensions = {
    "raddr", "rport", "tcptype", "ufrag", "generation", "network-id", "network-cost"};

// RFC 8839 5.1: an extension that nobody knows MUST be ignored.
bool is_unknown_extension(std::string_view name, std::string_view value)
{
    return is_all(name, 2, 64, [](char c) { return g_ascii_isalnum(c) || c == '-'; }) &&
           g_ascii_isalpha(name[0]) &&
           std::none_of(candidate_extensions.begin(), candidate_extensions.end(),
                        [&](std::string_view known) {
                            return is_like(name, known) || name.find(known) != name.npos;
                        }) &&
           is_all(value, 1, 256, [](char c) {
               return g_ascii_isgraph(c) &&
                      std::string_view("\"'<>()[]{}\\*").find(c) == std::string_view::npos;
           });
}

// The values of an extension that is known.
bool fits_extension(std::string_view name, std::string_view value, Test is_its_address)
{
    if (name == "raddr")
        return is_its_address(value);
    if (name == "tcptype")
        return is_one_of(value, "active passive so");
    if (name == "ufrag")
        return is_ice_text(value, 4);
    return is_one_of(name, "rport generation network-id network-cost") && is_number(value, 5);
}

bool is_candidate_of(std::string_view text, bool has_unknown) // RFC 8839 5.1
{
    const Words words = split(text, ' ');
    if (words.size() < 8 || words.size() % 2 != 0 || words[6] != "typ")
        return false;
    const Test is_its_address = has_unknown ? is_allowed_address : is_address;
    const bool is_masked =
        words[0].find("XXXX") != std::string_view::npos; // by a filter that looks for card numbers
    if (is_masked || !is_ice_text(words[0], 1) || !is_number(words[1], 1) ||
        !is_one_of(words[2], "udp tcp UDP TCP ssltcp") || !is_number(words[3], 10) ||
        !is_its_address(words[4]) || !is_number(words[5], 5) ||
        !is_one_of(words[7], "host srflx prflx relay"))
        return false;
    std::set<std::string_view> seen;
    for (std::size_t i = 8; i < words.size(); i += 2)
        if (!seen.insert(words[i]).second ||
            !(fits_extension(words[i], words[i + 1], is_its_address) ||
              (has_unknown && is_unknown_extension(words[i], words[i + 1]))))
            return false;
    const bool is_udp = is_one_of(words[2], "udp UDP");
    return seen.contains("raddr") == seen.contains("rport") &&
           !(is_udp && seen.contains("tcptype")); // RFC 6544 4.5
}

bool is_candidate(std::string_view text) { return is_candidate_of(text, false); }

bool is_allowed_candidate(std::string_view text) { return is_candidate_of(text, true); }

// Foundations of browsers and libraries are numbers or hashes.
bool has_usual_foundation(std::string_view candidate)
{
    const std::string_view foundation = candidate.substr(0, candidate.find(' '));
    return is_number(foundation, 10) ||
           is_all(foundation, 32, 32, [](char c) { return g_ascii_isxdigit(c); });
}

// Browsers count networks and generations from 0 or 1. A larger number may be one that was joined
// with what stood behind it.
bool has_usual_counts(std::string_view candidate)
{
    const Words words = split(candidate, ' ');
    for (std::size_t i = 8; i + 1 < words.size(); i += 2)
        if (is_one_of(words[i], "generation network-id") && words[i + 1].size() > 2)
            return false;
    return true;
}

bool is_usual_candidate(std::string_view text)
{
    return has_usual_foundation(text) && has_usual_counts(text);
}

constexpr std::array<std::string_view, 6> ice_options = {
    "trickle", "ice2", "ice2,trickle", "renomination", "google-ice", "rtp+ecn"};

bool is_ice_option(std::string_view word)
{
    return std::find(ice_options.begin(), ice_options.end(), word) != ice_options.end();
}

bool is_ice_options(std::string_view text)
{
    const Words words = split(text, ' ');
    return std::all_of(words.begin(), words.end(), is_ice_option);
}

bool is_allowed_ice_options(std::string_view text) // RFC 8839 5.6: more may be registered
{
    const Words words = split(text, ' ');
    return std::all_of(words.begin(), words.end(), [](std::string_view word) {
        return is_ice_option(word) ||
               (is_ice_text(word, 3) &&
                std::none_of(ice_options.begin(), ice_options.end(),
                             [&](std::string_view known) { return is_like(word, known); }));
    });
}

bool is_group(std::string_view text)
{
    const Words words = split(text, ' ');
    return words.size() == 2 && words[0] == "BUNDLE" && is_identifier(words[1]);
}

bool is_port(std::string_view text) { return is_number(text, 5); }

bool is_size(std::string_view text) { return is_number(text); }

bool is_setup(std::string_view text) { return is_one_of(text, "actpass active passive holdconn"); }

bool is_msid_semantic(std::string_view text)
{
    return text == "WMS*" || text == " WMS" || text == "WMS *"; // pion; Chromium; Firefox
}

bool is_sctpmap(std::string_view text)
{
    const Words words = split(text, ' ');
    return words.size() == 3 && is_port(words[0]) && words[1] == "webrtc-datachannel" &&
           is_port(words[2]);
}

bool is_ice_ufrag(std::string_view text) { return is_ice_text(text, 4); } // RFC 8839 5.4

bool has_usual_ufrag_size(std::string_view text)
{
    return text.size() == 4 || text.size() == 8 || text.size() == 16;
}

bool is_ice_pwd(std::string_view text) { return is_ice_text(text, 22); } // RFC 8839 5.4

bool has_usual_pwd_size(std::string_view text)
{
    return text.size() == 22 || text.size() == 24 || text.size() == 32;
}

struct Attribute {
    std::string_view name;
    bool (*fits)(std::string_view value); // nullptr: it has no value
    // Whether browsers and libraries write a value that fits so; nullptr: any.
    bool (*is_usual)(std::string_view value) = nullptr;
    // Whether the RFCs allow a value that doesn't fit; nullptr: none.
    bool (*is_allowed)(std::string_view value) = nullptr;
};

// The attributes that WebRTC clients write.
constexpr std::array attributes = {
    Attribute{"candidate", is_candidate, is_usual_candidate, is_allowed_candidate},
    Attribute{"fingerprint", is_fingerprint},
    Attribute{"ice-ufrag", is_ice_ufrag, has_usual_ufrag_size},
    Attribute{"ice-pwd", is_ice_pwd, has_usual_pwd_size},
    Attribute{"ice-options", is_ice_options, nullptr, is_allowed_ice_options},
    Attribute{"setup", is_setup},
    Attribute{"mid", is_identifier},
    Attribute{"group", is_group},
    Attribute{"sctp-port", is_port},
    Attribute{"max-message-size", is_size},
    Attribute{"msid-semantic", is_msid_semantic},
    Attribute{"sctpmap", is_sctpmap},
    Attribute{"extmap-allow-mixed", nullptr},
    Attribute{"end-of-candidates", nullptr},
    Attribute{"sendrecv", nullptr},
    Attribute{"sendonly", nullptr},
    Attribute{"recvonly", nullptr},
    Attribute{"inactive", nullptr},
    Attribute{"ice-lite", nullptr},
};

// Whether the name is the start of a known one and the end of one, with at most one letter between
// them. Such a name is left where letters were lost, changed or doubled.
bool is_damaged_name(std::string_view name)
{
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(), g_ascii_tolower);
    std::size_t start = 0, end = 0;
    for (const Attribute& known : attributes) {
        start = std::max(start, common_start(lower, known.name));
        end = std::max(end, common_end(lower, known.name));
    }
    return start + end + 1 >= lower.size();
}

Fit fit_of_known_attribute(const Attribute& attribute, bool has_value, std::string_view value)
{
    if (!attribute.fits)
        return has_value ? Fit::damaged : Fit::known;
    if (!has_value)
        return Fit::damaged;
    if (!attribute.fits(value))
        return attribute.is_allowed && attribute.is_allowed(value) ? Fit::allowed : Fit::damaged;
    return attribute.is_usual && !attribute.is_usual(value) ? Fit::unfamiliar : Fit::known;
}

// As programs name attributes: "x-google-flag", "ssrc", "rtcp-fb". A piece of a password that was
// joined to another line is hardly ever so.
bool is_usual_name(std::string_view name)
{
    constexpr std::size_t longest_word = 16;
    const Words words = split(name, '-');
    return name.size() > 1 && std::all_of(words.begin(), words.end(), [](std::string_view word) {
               const auto letters = std::min(word.find_first_of("0123456789"), word.size());
               return word.size() <= longest_word && letters > 0 &&
                      is_all(word.substr(0, letters), 1, longest_word,
                             [](char c) { return g_ascii_islower(c); }) &&
                      is_all(word.substr(letters), 0, longest_word,
                             [](char c) { return g_ascii_isdigit(c); });
           });
}

Fit fit_of_attribute(std::string_view text)
{
    const auto colon = text.find(':');
    const std::string_view name = text.substr(0, colon);
    const bool has_value = colon != std::string_view::npos;
    const std::string_view value = has_value ? text.substr(colon + 1) : "";
    for (const Attribute& attribute : attributes)
        if (name == attribute.name)
            return fit_of_known_attribute(attribute, has_value, value);
    const bool is_odd =
        (has_value && value.empty()) || value.starts_with(' ') || value.ends_with(' ') ||
        std::any_of(value.begin(), value.end(), [](char c) { return !g_ascii_isprint(c); });
    if (is_damaged_name(name) || !is_usual_name(name) || is_odd)
        return Fit::damaged;
    // In a text that was wrapped these may be what wrapped it: sendmail's mark, a soft line break.
    const bool has_mark = value.ends_with('!') || value.ends_with('=') || value.ends_with('>');
    return has_mark ? Fit::allowed : Fit::unfamiliar;
}

// Text as a program writes it, and no mail program's work.
bool is_plain_text(std::string_view text)
{
    return is_all(text, 1, 256,
                  [](char c) {
                      return g_ascii_isprint(c) &&
                             std::string_view("\"'<>[]{}=*\\").find(c) == std::string_view::npos;
                  }) &&
           g_ascii_isalnum(text.front()) && text.find("  ") == std::string_view::npos &&
           (g_ascii_isalnum(text.back()) || text.back() == ')');
}

Fit fit_of_session_name(std::string_view text)
{
    constexpr std::string_view usual = "-"; // RFC 8829 5.2.1
    if (text == usual)
        return Fit::known;
    return is_plain_text(text) && !is_within(2, text, usual) ? Fit::allowed : Fit::damaged;
}

Fit fit_of_bandwidth(std::string_view text)
{
    const auto colon = std::min(text.find(':'), text.size());
    const std::string_view type = text.substr(0, colon);
    if (!is_number(text.substr(std::min(colon + 1, text.size()))))
        return Fit::damaged;
    return is_one_of(type, "AS TIAS")    ? Fit::known
           : is_one_of(type, "CT RS RR") ? Fit::allowed // RFC 8866 5.8, RFC 3556
                                         : Fit::damaged;
}

Fit fit_of_media(std::string_view text)
{
    if (!is_media(text))
        return Fit::damaged;
    return has_usual_port(text) ? Fit::known : Fit::unfamiliar;
}

Fit fit_of_any_line(std::string_view line)
{
    if (line.size() < 3 || line[1] != '=')
        return Fit::damaged;
    const std::string_view value = line.substr(2);
    const auto fit = [](bool is_known) { return is_known ? Fit::known : Fit::damaged; };
    switch (line[0]) {
    case 'v': return fit(value == "0");
    case 'o': return fit_of_origin(value);
    case 's': return fit_of_session_name(value);
    case 't': return fit(value == "0 0");
    case 'c': return fit_of_connection(value);
    case 'm': return fit_of_media(value);
    case 'b': return fit_of_bandwidth(value);
    case 'a': return fit_of_attribute(value);
    default: return Fit::damaged;
    }
}

Fit fit_of_line(std::string_view line)
{
    constexpr std::size_t longest_line = 1000; // of those that are known
    return std::min(fit_of_any_line(line), line.size() > longest_line ? Fit::allowed : Fit::known);
}

using Lines = std::vector<std::string_view>; // without their line ends

Lines lines_of(std::string_view sdp, std::string_view line_end)
{
    Lines lines;
    while (!sdp.empty()) {
        lines.push_back(sdp.substr(0, sdp.find(line_end)));
        sdp.remove_prefix(std::min(lines.back().size() + line_end.size(), sdp.size()));
    }
    return lines;
}

// Whether the lines are of one description. They aren't where lines of two places were joined, or a
// word came into one: candidates of one foundation have one type, and on this host one address (RFC
// 8445 5.1.1.3); the bundle is the one section (RFC 9143 7.2.1).
bool do_agree(const Lines& lines)
{
    constexpr std::string_view candidate = "a=candidate:", group = "a=group:BUNDLE ",
                               section = "a=mid:";
    std::map<std::string_view, std::string> foundations;
    std::string_view bundle, mid;
    for (const std::string_view line : lines) {
        if (line.starts_with(group))
            bundle = line.substr(group.size());
        if (line.starts_with(section))
            mid = line.substr(section.size());
        const Words words = split(line, ' ');
        if (!line.starts_with(candidate) || words.size() < 8)
            continue;
        const std::string_view type = words[7], address = type == "host" ? words[4] : "";
        const std::string kind = std::string(type) + " " + std::string(address);
        if (foundations.emplace(words[0], kind).first->second != kind)
            return false;
    }
    return bundle.empty() || mid.empty() || bundle == mid;
}

std::ptrdiff_t count_of(std::string_view start, const Lines& lines)
{
    return std::count_if(lines.begin(), lines.end(),
                         [&](std::string_view line) { return line.starts_with(start); });
}

// Whether no line stands twice that an offer says once. Firefox repeats other attributes.
bool has_no_repeated_line(const Lines& lines)
{
    constexpr std::array<std::string_view, 6> once = {
        "a=candidate:",     "a=group:",     "a=extmap-allow-mixed",
        "a=msid-semantic:", "a=sctp-port:", "a=max-message-size:"};
    std::set<std::string_view> seen;
    return std::all_of(lines.begin(), lines.end(), [&](std::string_view line) {
        return seen.insert(line).second ||
               std::none_of(once.begin(), once.end(),
                            [&](std::string_view start) { return line.starts_with(start); });
    });
}

// A section of sound, of pictures or the like (RFC 8866 5.14, 8.2.2).
bool is_other_media(std::string_view line)
{
    const Words words = split(line, ' ');
    return words.size() >= 4 && is_number(words[1], 5) &&
           is_one_of(words[0], "m=audio m=video m=image m=text m=message");
}

// Whether everything is there that an offer of one data channel has exactly once (RFC 8829 5.2.1).
// A description without ICE is a tester's, and may lack the rest too; where something was repaired
// by more than tidying it is damage.
bool is_complete(const Lines& lines, Certainty certainty)
{
    constexpr std::string_view ufrag = "a=ice-ufrag:", pwd = "a=ice-pwd:";
    const bool has_ice = count_of(ufrag, lines) + count_of(pwd, lines) > 0;
    const int least = has_ice || certainty >= Certainty::unwrapped ? 1 : 0;
    for (const std::string_view start :
         {std::string_view("v="), std::string_view("o="), std::string_view("s="),
          std::string_view("t="), std::string_view("m="), ufrag, pwd, std::string_view("a=mid:"),
          std::string_view("a=setup:")})
        if (const auto count = count_of(start, lines); count < least || count > 1)
            return false;
    return true;
}

// A tester's word in place of a description. No damage leaves so little of one.
bool is_word(std::string_view sdp)
{
    constexpr std::size_t longest_word = 64;
    return sdp.size() <= longest_word && sdp.find_first_of("\r\n") == std::string_view::npos;
}

} // namespace

bool is_known_sdp_line(std::string_view line, std::string_view origin)
{
    // The one pair of known lines that differ in nothing but a blank. pion has written either;
    // Firefox, libdatachannel and aiortc, whose o= line has an NTP time, only that with the blank.
    const bool is_never_pion = origin.starts_with("o=mozilla") || origin.starts_with("o=rtc");
    return fit_of_line(line) == Fit::known && !(is_never_pion && line == "a=msid-semantic:WMS*");
}

bool is_sound_sdp(std::string_view sdp, Certainty certainty)
{
    if (certainty != Certainty::guessed && is_word(sdp))
        return true;
    const std::string_view line_end = sdp.starts_with("v=0\r") ? "\r\n" : "\n";
    if (!sdp.starts_with("v=0") || (certainty != Certainty::exact && !sdp.ends_with(line_end)))
        return false;
    const Lines lines = lines_of(sdp, line_end);
    const std::string origin = origin_line_of(sdp);
    for (const std::string_view line : lines) {
        if (fit_of_line(line) < least_fit(certainty))
            return false;
        if (certainty == Certainty::guessed && !is_known_sdp_line(line, origin))
            return false;
    }
    if (certainty >= Certainty::unwrapped && !do_agree(lines))
        return false;
    return has_no_repeated_line(lines) && is_complete(lines, certainty);
}

bool has_other_media(std::string_view sdp)
{
    const Lines lines = lines_of(sdp, sdp.find("\r\n") == sdp.npos ? "\n" : "\r\n");
    return std::any_of(lines.begin(), lines.end(), is_other_media);
}

std::string origin_line_of(std::string_view sdp)
{
    constexpr std::size_t longest = 200;
    const std::string_view origin = sdp.substr(std::min(sdp.find("o="), sdp.size()), longest);
    std::string letters(origin.substr(0, origin.find_first_of("\r\n")));
    std::erase(letters, ' ');
    return letters;
}
