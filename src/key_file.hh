#pragma once
#include "deadline.hh"
#include "fd.hh"

#include <cstdint>
#include <string>
#include <string_view>

// The key of the hashes that the program keeps, in the file "key" of the state directory. Locks on
// bytes of that file keep processes apart. Everything throws Failure(Reason::state).
class KeyFile {
  public:
    // Makes the key at first use. Of processes that start together the first makes it.
    explicit KeyFile(const std::string& directory);

    // HMAC-SHA-256 of the text, cut to 16 octets.
    std::string hash_of(std::string_view text) const;

    // Waits until no other process holds the lock of that number, but not longer than `until`. It
    // is held until unlock() or the end of this, also if the process is killed.
    void lock(std::uint32_t number, Clock::time_point until) const;
    void unlock(std::uint32_t number) const;

  private:
    Fd file_;
    std::string key_;
};
