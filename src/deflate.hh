#pragma once
#include <cstddef>
#include <string>
#include <string_view>

// Raw deflate (RFC 1951), without the header and the checksum of zlib or gzip.
std::string deflated(std::string_view octets);

struct Inflated {
    std::string octets;
    std::size_t read = 0;  // octets of the input, up to the end of its last block
    bool is_whole = false; // false: the input is cut off or damaged, or holds more than `most`
};

// What the input holds, as far as it can be read, and no more than `most` octets of it. What stands
// behind its last block is left alone.
Inflated inflated(std::string_view input, std::size_t most);
