#pragma once
#include "envelope.hh"
#include "header.hh"
#include "reply.hh"
#include "settings.hh"

#include <chrono>
#include <string>

// The service address, which replies come from: that of the settings, else the envelope recipient,
// which reason_for_silence() has looked at. Throws Failure(Reason::recipient) when neither is
// there.
std::string service_address(const Envelope& envelope, const Settings::Reply& settings);

// A Service Responder's reply (RFC 3834) from the service address to the envelope sender: a whole
// mail, whose lines end in LF and are no longer than 998 octets. `text` is its body, see
// write_reply_text().
std::string write_reply_mail(const Reply& reply, const std::string& text, const std::string& from,
                             const std::string& to, const Header& request,
                             const std::string& subject, std::chrono::system_clock::time_point now);
