#pragma once
#include <string>
#include <string_view>

// The part of a mail that GMime is given, with its line ends as LF: for GMime CR CR LF ends no
// header. Of a longer field the start is kept; behind any other cap nothing is.
//
// GMime takes up to a hundred octets of memory for each octet of a header; for each colon, which
// ends the name of a field or of a group of addresses, 600 and some stack; for an encoded word or
// parameter perhaps a charset; for a field, time by the square of its length. A mail of a mebibyte
// can have 140,000 parts. A line that may belong to a header, or be a boundary, counts as one.
std::string within_caps(std::string_view mail);
