#pragma once
#include <string>
#include <string_view>

// A field's value with a blank for each comment (RFC 5322 3.2.2: comments nest, and "\" quotes the
// next character). What is between quotation marks (3.2.4) stays as it is. A comment that is not
// closed goes to the end.
std::string without_comments(std::string_view value);

// Atoms with one dot between each two (RFC 5322 3.2.3, RFC 6531 3.3): the local part of an address
// that needs no quotation marks, or a domain's name. Other octets than ASCII are not looked at.
bool is_dot_atom(std::string_view text);
