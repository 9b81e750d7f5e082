#include "recover/likeness.hh"

#include <algorithm>
#include <glib.h>
#include <string>

bool is_within(int letters, std::string_view a, std::string_view b)
{
    const std::size_t common = common_start(a, b);
    a.remove_prefix(common);
    b.remove_prefix(common);
    if (a.empty() || b.empty())
        return a.size() + b.size() <= static_cast<std::size_t>(letters);
    return letters > 0 &&
           (is_within(letters - 1, a.substr(1), b) || is_within(letters - 1, a, b.substr(1)) ||
            is_within(letters - 1, a.substr(1), b.substr(1)));
}

bool is_like(std::string_view name, std::string_view known)
{
    constexpr int some_letters = 2;
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(), g_ascii_tolower);
    return common_start(lower, known) + common_end(lower, known) + 1 >= lower.size() ||
           is_within(some_letters, lower, known);
}

std::size_t common_start(std::string_view a, std::string_view b)
{
    const auto end = std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first;
    return static_cast<std::size_t>(end - a.begin());
}

std::size_t common_end(std::string_view a, std::string_view b)
{
    const auto end = std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend()).first;
    return static_cast<std::size_t>(end - a.rbegin());
}
