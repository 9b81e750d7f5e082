#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

// What the undoing of damage is written with.

using Texts = std::vector<std::string>;

inline constexpr std::size_t longest_request =
    200'000; // with its escapes or as base64; the broker takes 100 000 octets

inline bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

inline Texts unless_same(const std::string& text, std::string changed)
{
    return changed == text ? Texts{} : Texts{std::move(changed)};
}

// Copies the text; at each place `rewrite` may append something else instead and say how many
// octets it took, or 0.
template <class Rewrite> std::string rewritten(std::string_view text, Rewrite rewrite)
{
    std::string result;
    result.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t taken = rewrite(text, at, result);
        if (taken == 0)
            result += text[at];
        at += std::max<std::size_t>(taken, 1);
    }
    return result;
}
