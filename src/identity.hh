#pragma once
#include "header.hh"

#include <string>
#include <string_view>

// What tells a mail from every other, also of the same sender: its Message-ID (RFC 5322 3.6.4), or
// else all of it but what the delivering host put on top.
std::string mail_identity(std::string_view bytes, const Header& header);
