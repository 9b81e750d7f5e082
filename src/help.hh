#pragma once
#include "mail.hh"
#include "reply.hh"
#include "settings.hh"

#include <optional>

// The help for a mail without a request, in the first of the person's languages that there is one
// in; for an encrypted mail that can't be decrypted how to encrypt it. None when the mail has a
// request, when the settings want no help, or when there is no text.
std::optional<Help> find_help(const Mail& mail, const Settings::Reply& settings);
