#pragma once
#include "deadline.hh"
#include "poll.hh"
#include "problem.hh"
#include "settings.hh"

#include <chrono>
#include <string>
#include <variant>

struct Answer {
    std::string json;                       // the poll response, byte for byte as the broker sent it
    std::chrono::system_clock::time_point received; // from here the proxy waits 20 s
};

struct Rendezvous {
    std::variant<Answer, Problem> outcome;
    int attempts = 0;
};

// POSTs the request to <url>client until there is an answer, the attempts are used up, `until` has come, or another try can't help.
// Throws Failure("settings") for a ca-file that can't be read.
Rendezvous ask_broker(const PollRequest& request, const Settings::Broker& settings, Clock::time_point until);

// Asks a question that spends no proxy. "" when the broker is there, else what is wrong.
std::string probe_broker(const Settings::Broker& settings, Clock::time_point until);
