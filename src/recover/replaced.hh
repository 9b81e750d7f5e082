#pragma once
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

// The text with each `from` as `to`.
inline std::string replaced(std::string_view text, std::string_view from, std::string_view to)
{
    return replaced(text, [&](std::string_view rest, std::string& result) -> std::size_t {
        if (!rest.starts_with(from))
            return 0;
        result += to;
        return from.size();
    });
}

// What a repair returns: the changed text, or nothing where nothing was changed.
inline Strings unless_same(const std::string& text, std::string changed)
{
    return changed == text ? Strings{} : Strings{std::move(changed)};
}
