#pragma once
#include "deadline.hh"

#include <string>
#include <string_view>
#include <vector>

// What one gpg has done.
struct GpgResult {
    std::string output;
    std::vector<std::vector<std::string>> status; // the words of each line (GnuPG's doc/DETAILS)
    bool is_cut = false;                          // there is more output than may be
    bool is_over_time = false;                    // it used up its time on the processor
    bool is_nested = false; // an encrypted message was in the one that it decrypted
    bool has_failed = true; // what its exit status says

    bool has(std::string_view keyword) const;
};

// Where gpg finds the key that run_gpg() is given.
inline constexpr const char* gpg_key_file = "/proc/self/fd/4";

// Runs gpg with that home and these arguments: `input` is its stdin, and `key` in memory only. It
// has a limit of its time on the processor and of its memory; it is killed when it has written more
// than `most` octets, or finds an encrypted message in another: that would get round the bounds of
// packets.hh. Throws Failure(Reason::openpgp) for a fault of this host, also when gpg isn't done at
// `until`.
GpgResult run_gpg(const std::string& home, std::vector<std::string> arguments,
                  const std::string& input, const std::string& key, std::size_t most,
                  Clock::time_point until);
