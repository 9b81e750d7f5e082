#pragma once
#include "problem.hh"
#include "reason.hh"
#include "settings.hh"
#include "store.hh"

#include <chrono>
#include <optional>
#include <string>
#include <variant>

// The generic cell rate algorithm (ITU-T I.371). `arrival` is the theoretical arrival time that was
// kept from before. Returns the one to keep when one more is let in now; none: it is not. After a
// rest `burst` are let in at once, then one each `interval`. An arrival time that is too far in the
// future does not count: the clock was set back.
std::optional<WallTime> admit(WallTime arrival, WallTime now, std::chrono::nanoseconds interval,
                              int burst);

// Rations proxies and replies, for one sender and for all together; snowflake-mail.conf(5) has the
// rules. Everything is called within a transaction of the store, which it reads and changes.
class Quota {
  public:
    // Settings are borrowed, and must outlive it.
    Quota(const Settings::Quota& settings, const std::string& sender);

    // What a mail is about to use up: a proxy and a reply, or a reply alone.
    enum class Use { proxy, error, help };

    struct Admitted {};
    // Admitted: it is charged. Problem: it is not, and the person is told. Reason: it is not, and
    // nobody is told.
    using Verdict = std::variant<Admitted, Problem, Reason>;
    Verdict charge(Store& store, Use use, WallTime now) const;

    // Why that use is refused without a word, as charge() would do it. None: charge() admits it, or
    // the person is told.
    std::optional<Reason> reason_for_silence(const Store& store, Use use, WallTime now) const;

    // One more proxy for the same mail. False: not admitted, and not charged.
    bool charge_another_proxy(Store& store, WallTime now) const;

    // Takes back what was charged for proxies that were not spent, for this sender alone: the
    // broker was asked, and that is what the host's limit counts.
    void give_back(Store& store, int proxies) const;

    // What a sender without a proxy left is told: how long to wait, from one minute up.
    Problem refusal(const Store& store, WallTime now) const;

  private:
    const Settings::Quota& settings_;
    std::string sender_, domain_; // as they are counted
};
