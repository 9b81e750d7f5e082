#pragma once
#include <string>
#include <string_view>

// The organisational domain of a domain name, by the public suffix list (publicsuffix.org):
// example.co.uk of mail.example.co.uk. Any other text as it is.
std::string organisational_domain(std::string_view domain);
