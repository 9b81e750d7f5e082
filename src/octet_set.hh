#pragma once
#include <array>
#include <cstddef>
#include <string_view>

// A set of octets, to search long texts for. std::string_view::find_first_of() takes several times
// as long, since it calls a function for each octet of the text.
class OctetSet {
  public:
    constexpr explicit OctetSet(std::string_view octets)
    {
        for (const char c : octets)
            has_[static_cast<unsigned char>(c)] = true;
    }

    constexpr bool has(char c) const { return has_[static_cast<unsigned char>(c)]; }

    // The place of the first of them from `from` on; npos when there is none.
    constexpr std::size_t find_in(std::string_view text, std::size_t from = 0) const
    {
        for (; from < text.size(); ++from)
            if (has(text[from]))
                return from;
        return std::string_view::npos;
    }

  private:
    std::array<bool, 256> has_ = {};
};
