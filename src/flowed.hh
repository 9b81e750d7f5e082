#pragma once
#include <string>
#include <string_view>

// text/plain; format=flowed (RFC 3676 4) without its soft line breaks. A quoted paragraph keeps the
// quote marks of its first line.
std::string unflowed(std::string_view text, bool delsp);
