#pragma once
#include "deadline.hh"
#include "poll.hh"
#include "reply.hh"
#include "settings.hh"

#include <functional>
#include <optional>
#include <string>

struct BrokerResult {
    Reply reply; // an answer or a problem
    int attempts = 0;
};

// POSTs the request to <url>client until there is an answer, the attempts are used up, `until` has
// come, another try can't help, or `may_ask_again` says no; it is called before each attempt but
// the first. Throws Failure(Reason::settings) for a ca-file that can't be read.
BrokerResult ask_broker(const PollRequest& request, const Settings::Broker& settings,
                        Clock::time_point until, const std::function<bool()>& may_ask_again);

// Asks a question that spends no proxy. None when the broker is there, else what is wrong.
std::optional<std::string> probe_broker(const Settings::Broker& settings, Clock::time_point until);
