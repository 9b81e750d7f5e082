#pragma once
#include <string>
#include <string_view>

// The lines that are quoted no deeper than `depth`, without their prefixes (RFC 3676 4.5: ">").
// U+0001 stands for each line that is left out.
std::string unquoted(std::string_view text, int depth);
