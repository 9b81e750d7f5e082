#pragma once
#include "deadline.hh"
#include "poll.hh"
#include "problem.hh"
#include "settings.hh"

#include <chrono>
#include <functional>
#include <string>
#include <variant>

struct Answer {
    std::string json; // the poll response, byte for byte as the broker sent it
    std::chrono::system_clock::time_point received; // from here the proxy waits 20 s
};

struct Rendezvous {
    std::variant<Answer, Problem> outcome;
    int attempts = 0;
};

// POSTs the request to <url>client until there is an answer, the attempts are used up, `until` has
// come, another try can't help, or `may_ask_again`, which is asked before each but the first, says
// no. Throws Failure("settings") for a ca-file that can't be read.
Rendezvous ask_broker(
    const PollRequest& request, const Settings::Broker& settings, Clock::time_point until,
    const std::function<bool()>& may_ask_again = [] { return true; });

// Asks a question that spends no proxy. "" when the broker is there, else what is wrong.
std::string probe_broker(const Settings::Broker& settings, Clock::time_point until);
