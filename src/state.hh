#pragma once
#include "deadline.hh"
#include "fd.hh"
#include "settings.hh"

#include <string>
#include <string_view>

// What is remembered from mail to mail, in a directory. File names are keyed hashes, so that nobody
// can read from the disk who wrote; any file may vanish at any time. Everything throws
// Failure(Reason::state): what can't be remembered is a fault of this host.
class State {
  public:
    // Remembers nothing (--dry-run).
    State() = default;
    // Makes the key and the subdirectories at first use.
    explicit State(const std::string& directory);

    bool is_kept() const { return directory_.get() >= 0; }

    // The file for `text` in the subdirectory `kind`, made where there is none, with an exclusive
    // flock(2) that ends with the descriptor. None are equal to another mail's unless kind and text
    // are.
    Fd open_locked(const char* kind, std::string_view text, Clock::time_point until) const;

  private:
    std::string name_of(const char* kind, std::string_view text) const;

    Fd directory_;
    std::string key_;
};

// The directory of the settings; where they name none the usual one, or one of this user's own
// where that can't be used.
std::string find_state_directory(const Settings& settings);
