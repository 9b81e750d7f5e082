#pragma once
#include <string>
#include <string_view>

// text/plain; format=flowed (RFC 3676 4) with its soft line breaks undone; quoted lines keep one
// prefix.
std::string unflowed(std::string_view text, bool delsp);
