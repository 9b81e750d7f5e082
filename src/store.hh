#pragma once
#include "deadline.hh"
#include "settings.hh"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

// What the program remembers from mail to mail, for any number of processes at once: a SQLite
// database of bounded size. It holds keyed hashes, stages and times, and so tells nobody who wrote.
// Everything throws Failure(Reason::state), or std::bad_alloc.
class Store {
  public:
    // Remembers nothing when the process has ended (--dry-run).
    Store();
    // Makes the key and the database at first use. Nothing waits longer than `until`.
    Store(const std::string& directory, Clock::time_point until);
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    // Waits for other processes that hold the mail, and holds it as long as this lives.
    void hold(std::string_view mail);

    enum class Survives { crash, power_loss };

    // Does all of `work` in one transaction, or nothing of it if it throws. When this returns, the
    // work outlives a kill of the process, and on demand a power loss.
    void transact(const std::function<void()>& work, Survives survives = Survives::crash);

    struct Entry {
        std::string stage;
        std::string reply; // its reason
    };
    std::optional<Entry> find_mail(std::string_view mail) const;
    void set_mail(std::string_view mail, const Entry& entry, WallTime now);

    // The theoretical arrival time of a quota (see quota.hh). The epoch: none is kept.
    WallTime arrival(std::string_view quota) const;
    void set_arrival(std::string_view quota, WallTime arrival);

    // Removes mails of more than a week ago and quotas at rest, a few of each, but more than one
    // mail adds; and the oldest when the database has its largest size.
    void forget_old(WallTime now);

  private:
    struct Files;
    std::unique_ptr<Files> files_;
};

// The directory of the settings. If they name none it is /var/lib/snowflake-mail; if that is not
// there or belongs to another user, it is one in the user's home.
std::string find_state_directory(const Settings& settings);
