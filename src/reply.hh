#pragma once
#include "broker.hh"
#include "envelope.hh"
#include "message.hh"
#include "settings.hh"

#include <chrono>
#include <string>
#include <variant>

struct Help {
    std::string text; // UTF-8
};

// What a reply says.
using Outcome = std::variant<Answer, Problem, Help>;

// Its word in the log line.
const char* reason_of(const Outcome& outcome);

// A Service Responder's reply (RFC 3834) to the envelope sender: a whole mail, lines ending in LF,
// none longer than 998 octets.
std::string write_reply(const Outcome& outcome, const Envelope& envelope, const Header& request,
                        const Settings::Reply& settings, std::chrono::system_clock::time_point now);
