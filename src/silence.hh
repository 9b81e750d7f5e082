#pragma once
#include "envelope.hh"
#include "mail.hh"
#include "reason.hh"
#include "settings.hh"

#include <optional>

// Why the mail is not answered (RFC 3834 2). None: it is. `has_help`: there is a help text for a
// mail without a request; an authenticated sender gets it.
std::optional<Reason> reason_for_silence(const Envelope& envelope, const Mail& mail,
                                         const Settings& settings, bool has_help);
