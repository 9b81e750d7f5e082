#pragma once
#include "octet_set.hh"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

// Helpers for writing repairs.

using Strings = std::vector<std::string>;

// In octets. The broker takes 100,000; escapes and base64 make a request longer.
inline constexpr std::size_t longest_request = 200'000;

inline bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

// Copies the text. At each place `replace(rest, result)` may append something else to the result
// and return how many octets of the rest that stands for; 0 copies one octet.
template <class Replace> std::string replaced(std::string_view text, Replace replace)
{
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const std::size_t taken = replace(text, result);
        if (taken == 0)
            result += text.front();
        text.remove_prefix(std::max<std::size_t>(taken, 1));
    }
    return result;
}

// The same, quickly, where only an octet of `starts` may be replaced.
template <class Replace>
std::string replaced(std::string_view text, const OctetSet& starts, Replace replace)
{
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const std::string_view kept = text.substr(0, starts.find_in(text));
        result += kept;
        text.remove_prefix(kept.size());
        if (text.empty())
            break;
        const std::size_t taken = replace(text, result);
        if (taken == 0)
            result += text.front();
        text.remove_prefix(std::max<std::size_t>(taken, 1));
    }
    return result;
}

// The text with each `from` as `to`.
inline std::string replaced(std::string_view text, std::string_view from, std::string_view to)
{
    std::string result;
    result.reserve(text.size());
    for (;;) {
        const std::size_t at = text.find(from);
        result += text.substr(0, at);
        if (at == text.npos)
            return result;
        result += to;
        text.remove_prefix(at + from.size());
    }
}

// What a repair returns: the changed text, or nothing where nothing was changed.
inline Strings unless_same(const std::string& text, std::string changed)
{
    return changed == text ? Strings{} : Strings{std::move(changed)};
}
