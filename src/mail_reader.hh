#pragma once
#include "child.hh"
#include "deadline.hh"
#include "mail.hh"
#include "reason.hh"

#include <functional>
#include <string_view>
#include <variant>

// What a mail of so many octets may take, when there is so much time in all. Its time on the
// processor ends long before that: a mail that is too much for it must not end in 75.
ChildLimits reader_limits(std::size_t octets, std::chrono::milliseconds time);

// Whether the reader will find a request in the mail, by a quick look at its octets. Either answer
// may be wrong.
bool looks_like_request(std::string_view bytes);

// read_mail() in a child that can do nothing else (run_child()), so that nothing in a mail reaches
// the keys, the network or sendmail. A reason: the mail was too much for it, or made it crash; such
// a mail would do so again. Throws Failure when this host is at fault. This process does
// `meanwhile` while the child reads, if there is one.
std::variant<Mail, Reason> read_mail_apart(std::string_view bytes, Clock::time_point until,
                                           const std::function<void()>& meanwhile = nullptr);

// The same for read_decrypted_mail().
std::variant<Mail, Reason> read_decrypted_mail_apart(std::string_view bytes,
                                                     Clock::time_point until);
