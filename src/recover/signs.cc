#include "recover/signs.hh"

#include "octet_set.hh"

#include <algorithm>
#include <array>
#include <glib.h>

namespace {

// Between a brace, a name and its colon stand quotation marks of any kind, or a line break.
constexpr std::size_t most_marks = 16;

bool has_any(std::string_view text, const auto& parts)
{
    return std::any_of(parts.begin(), parts.end(),
                       [&](std::string_view part) { return text.find(part) != text.npos; });
}

// Whether "offer" and a colon come behind a brace.
bool begins_object(std::string_view behind_brace)
{
    constexpr std::string_view name = "offer";
    const std::string_view marks = behind_brace.substr(0, most_marks);
    const auto letter =
        std::find_if(marks.begin(), marks.end(), [](char c) { return g_ascii_isalpha(c); });
    behind_brace.remove_prefix(static_cast<std::size_t>(letter - marks.begin()));
    if (behind_brace.size() < name.size() ||
        g_ascii_strncasecmp(behind_brace.data(), name.data(), name.size()) != 0)
        return false;
    const std::string_view behind_name = behind_brace.substr(name.size(), most_marks);
    const std::string_view before_colon = behind_name.substr(0, behind_name.find(':'));
    return before_colon.size() < behind_name.size() &&
           std::none_of(before_colon.begin(), before_colon.end(),
                        [](char c) { return g_ascii_isalnum(c); });
}

// Whether a line's end, in whatever became of it, comes behind "v=0".
bool begins_description(std::string_view behind_version)
{
    return behind_version.empty() ||
           std::string_view("\\/\r\n ").find(behind_version[0]) != std::string_view::npos ||
           behind_version.starts_with("rn");
}

} // namespace

bool begins_request(std::string_view text)
{
    // Of 1.0, a line end, a brace and a quotation mark; of a brace and "offe; the same with a
    // blank.
    constexpr std::array<std::string_view, 4> base64 = {"MS4wCnsi", "MS4wDQp7", "eyJvZmZl",
                                                        "eyAib2Zm"};
    // As HTTP, and as a browser's network tools copy it.
    constexpr std::array<std::string_view, 7> http = {
        "POST /client", "fetch(",          "curl http",      "curl 'http",
        "curl \"http",  "curl \u2018http", "curl \u201chttp"};
    // RFC 3986 2.1: percent-encoding of "offer" and of v=0, once or twice.
    constexpr std::array<std::string_view, 5> percent = {"%22offer%22", "%2522offer%2522", "v%3D0",
                                                         "v%3d0", "v%253D0"};
    constexpr std::string_view version = "v=0";
    for (std::size_t at = 0; (at = text.find('{', at)) != text.npos; ++at)
        if (begins_object(text.substr(at + 1)))
            return true;
    for (std::size_t at = 0; (at = text.find(version, at)) != text.npos; ++at)
        if (begins_description(text.substr(at + version.size())))
            return true;
    return has_any(text, base64) || has_any(text, http) || has_any(text, percent);
}

bool starts_like_base64_of_request(std::string_view text)
{
    constexpr std::array<std::string_view, 9> starts = {"MS4w", "77u/", "eyJ",      "ewo",  "ew0",
                                                        "eyA",  "eyB",  "MQAuADAA", "ewAiA"};
    static constexpr OctetSet first("M7e");
    return !text.empty() && first.has(text[0]) &&
           std::any_of(starts.begin(), starts.end(),
                       [&](std::string_view start) { return text.starts_with(start); });
}

bool may_hold_request(std::string_view text)
{
    // Last, base64 of the message version and of a brace: encoded twice.
    constexpr std::array<std::string_view, 6> signs = {"offer",  "answer", "%22",
                                                       "&quot;", "MS4w",   "eyJ"};
    return has_any(text, signs);
}
