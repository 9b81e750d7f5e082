#pragma once
#include "deadline.hh"
#include "reason.hh"
#include "settings.hh"
#include "state.hh"

#include <chrono>
#include <optional>
#include <string>

using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

// The generic cell rate algorithm (ITU-T I.371). `arrival` is the theoretical arrival time that was
// kept from before. Returns the one to keep when one more is let in now; none: it is not. After a
// rest `burst` are let in at once, then one each `interval`. An arrival time that is too far in the
// future does not count: the clock was set back.
std::optional<WallTime> admit(WallTime arrival, WallTime now, std::chrono::nanoseconds interval,
                              int burst);

// Limits how often the broker is asked and a reply is sent, for one sender and for all together. It
// is kept in the state directory, for any number of processes at once. Throws
// Failure(Reason::state).
class Quota {
  public:
    // State and settings are borrowed, and must outlive it.
    Quota(const State& state, const Settings::Quota& settings, const std::string& sender,
          Clock::time_point until);

    // Counts an attempt at the broker, or a reply that needs none. None: it is let in; else why
    // not. Without a state directory everything is.
    std::optional<Reason> charge() const;

    // The same for a help text, which is also limited to one a day for a sender. Further mail
    // counts as mail without a request, and costs nothing.
    std::optional<Reason> charge_help() const;

  private:
    bool is_let_in(const char* kind, const std::string& name, std::chrono::nanoseconds interval,
                   int burst) const;

    const State& state_;
    const Settings::Quota& settings_;
    std::string sender_; // sender_identity()
    Clock::time_point until_;
};
