#pragma once
#include "deadline.hh"
#include "fd.hh"
#include "settings.hh"

#include <string>
#include <string_view>

// The directory where the program remembers things from mail to mail. File names are keyed hashes,
// so that nobody can read there who wrote. Any file may be removed at any time. Everything throws
// Failure(Reason::state).
class State {
  public:
    // Remembers nothing (--dry-run).
    State() = default;
    // Makes the key and the subdirectories at first use.
    explicit State(const std::string& directory);

    bool is_kept() const { return directory_.get() >= 0; }

    // Opens the file for `text` in the subdirectory `kind`, and makes it if need be. It has an
    // exclusive flock(2) until the descriptor is closed. Each text of each kind has its own file.
    Fd open_locked(const char* kind, std::string_view text, Clock::time_point until) const;

  private:
    std::string name_of(const char* kind, std::string_view text) const;

    Fd directory_;
    std::string key_;
};

// The directory of the settings. If they name none it is /var/lib/snowflake-mail; if this user
// can't use that, it is one in the user's home.
std::string find_state_directory(const Settings& settings);
