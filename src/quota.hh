#pragma once
#include "deadline.hh"
#include "reason.hh"
#include "settings.hh"
#include "state.hh"

#include <chrono>
#include <optional>
#include <string>

using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

// The generic cell rate algorithm (ITU-T I.371): whether one more is let in now, where `arrival` is
// the theoretical arrival time that was kept from before, and the one to be kept then. After a rest
// `burst` come in at once, later one each `interval`. An arrival time that the clock can't have led
// to (it was set back) counts for nothing.
std::optional<WallTime> admit(WallTime arrival, WallTime now, std::chrono::nanoseconds interval,
                              int burst);

// How often one sender, and all together, may have the broker asked or be sent a reply. Kept in the
// state directory, safe with any number of processes; throws Failure(Reason::state).
class Quota {
  public:
    // Both are borrowed and outlive it.
    Quota(const State& state, const Settings::Quota& settings, const std::string& sender,
          Clock::time_point until);

    // Counts one. None: it is let in; else the limit that it is over.
    std::optional<Reason> charge() const;

    // Counts a help text, which is one a day for a sender. Reason::no_request: not let in.
    std::optional<Reason> charge_help() const;

  private:
    bool is_let_in(const char* kind, const std::string& name, std::chrono::nanoseconds interval,
                   int burst) const;

    const State& state_;
    const Settings::Quota& settings_;
    std::string sender_; // canonical
    Clock::time_point until_;
};
