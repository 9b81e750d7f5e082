#pragma once
#include "deadline.hh"
#include "mail.hh"
#include "reason.hh"

#include <string_view>
#include <variant>

// read_mail() in a child that can do nothing else (run_child()), so that nothing in a mail reaches
// the keys, the network or sendmail. A reason: the mail was too much for it, or made it crash; such
// a mail would do so again. Throws Failure when this host is at fault.
std::variant<Mail, Reason> read_mail_apart(std::string_view bytes, Clock::time_point until);
