#pragma once
#include <string>
#include <string_view>

// Domains of mail addresses (RFC 5321 4.1.2, 4.1.3).

// Whether it is a domain's name, also in UTF-8 (RFC 6531 3.3), or the address literal of a host.
bool is_domain(std::string_view text);

// One spelling for each domain: of its letters of ASCII the small ones, each A-label as the U-label
// that it stands for (RFC 5890 2.3.2.1), no dot at the end, and one form for an address of IPv6.
// Two domains have never the same one: a label that stands for no U-label stays as it is, and so do
// the capitals beyond ASCII.
std::string domain_name(std::string_view domain);

// The same for counting, where it does no harm that two domains may be taken for one: without
// regard to case and width (RFC 5895 2) beyond ASCII too.
std::string folded_domain(std::string_view domain);

// What is behind the last "@". "": nothing is.
std::string_view domain_part(std::string_view address);
