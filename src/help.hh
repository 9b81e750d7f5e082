#pragma once
#include "mail.hh"
#include "reply.hh"
#include "settings.hh"

#include <optional>

// The help text for a mail without a request: the file LANGUAGE.txt in the first of the person's
// languages that has one; for an encrypted mail that can't be decrypted how to do it. None when the mail has a request, when the settings want no help, or when
// there is no text.
std::optional<Help> find_help(const Mail& mail, const Settings::Reply& settings);
