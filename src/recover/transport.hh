#pragma once
#include "recover/replaced.hh"

#include <string>

// Repairs of what mail systems do to lines.

// sendmail ends a line that is too long with "!" and goes on in the next.
Strings repair_sendmail_break(const std::string& text);

// SMTP doubles a dot at the start of a line (RFC 5321 4.5.2). The line may have become a part of
// another since, so a doubled dot counts anywhere: no address has two dots in a row.
Strings repair_dot_stuffing(const std::string& text);
