#pragma once
#include "envelope.hh"
#include "mail.hh"
#include "poll.hh"
#include "problem.hh"
#include "settings.hh"

#include <chrono>
#include <string>
#include <variant>
#include <vector>

struct Ignore {
    const char* reason; // in the log line
};

struct OfferHelp {
    std::vector<std::string> languages; // best first
};

using Decision = std::variant<Ignore, OfferHelp, Problem, PollRequest>;

// Whether a mail is answered at all (RFC 3834 2), and with what: silence, a help text, an error
// reply, or the broker's response to the request. Throws Failure("recipient") when a mail is to be
// answered and nobody says which address was written to.
Decision decide(const Envelope& envelope, const Mail& mail, const Settings& settings,
                std::chrono::system_clock::time_point now);
