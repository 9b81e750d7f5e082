#pragma once
#include "envelope.hh"
#include "mail.hh"
#include "reason.hh"
#include "settings.hh"

#include <optional>

// Why the mail is ignored (RFC 3834 2). None: nothing in the mail forbids a reply. `has_help`:
// there is a help text for it, which an authenticated sender without a request gets. A sealed mail
// is looked at from outside alone.
std::optional<Reason> reason_for_silence(const Envelope& envelope, const Mail& mail,
                                         const Settings& settings, bool has_help);
