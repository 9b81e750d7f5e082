#pragma once
#include <chrono>
#include <optional>
#include <string_view>

// A date of a mail's header (RFC 5322 3.3, 4.3), with or without what programs get wrong: the
// commas, the seconds, a century, the year behind the zone as in date(1), a zone's name behind its
// number. None when it is no date, or when its zone is missing or not one of RFC 5322: nothing
// tells then which moment it is.
std::optional<std::chrono::sys_seconds> parse_date(std::string_view text);
