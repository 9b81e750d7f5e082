#pragma once
#include "broker.hh"
#include "envelope.hh"
#include "message.hh"
#include "settings.hh"

#include <chrono>
#include <string>
#include <variant>

// A Service Responder's reply (RFC 3834) to the envelope sender: a whole mail, lines ending in LF, none longer than 998 octets.
std::string write_reply(const std::variant<Answer, Problem>& outcome, const Envelope& envelope, const Header& request, const Settings::Reply& settings,
                        std::chrono::system_clock::time_point now);
