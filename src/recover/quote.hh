#pragma once
#include <string>
#include <string_view>

// The lines that are quoted at most `depth` deep, without their prefixes: ">" (RFC 3676 4.5), "|",
// or a short name and ">", as in "AS> ". mark::left_out_line stands in place of each other line.
std::string unquoted(std::string_view text, int depth);
