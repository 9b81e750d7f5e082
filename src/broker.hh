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
    int unspent_proxies = 1; // of those that were paid for
};

// Loads what the broker is asked with, and looks at the ca-file. Throws Failure(Reason::library) or
// Failure(Reason::settings).
void prepare_to_ask(const Settings::Broker& settings);

// Loads now what prepare_to_ask() would load. A fault is left to that.
void load_early() noexcept;

// POSTs the request to <url>client until there is an answer, the attempts are used up, `until` has
// come, or another try can't help. One proxy is paid for; `may_spend_another` pays for the next
// one, or says no. Throws Failure as prepare_to_ask() does, and Failure(Reason::settings) for a
// ca-file without certificates.
BrokerResult ask_broker(const PollRequest& request, const Settings::Broker& settings,
                        Clock::time_point until, const std::function<bool()>& may_spend_another);

// Asks a question that spends no proxy. None when the broker is there, else what is wrong.
std::optional<std::string> probe_broker(const Settings::Broker& settings, Clock::time_point until);
