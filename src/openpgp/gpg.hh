#pragma once
#include "deadline.hh"
#include "fd.hh"
#include "reason.hh"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// What was in an encrypted message.
struct Decryption {
    std::string octets;
    // The fingerprints of the primary keys, among those that were given, that it is signed with.
    std::vector<std::string> signers;
};

struct GpgResult;

// gpg(1), for one run of this program, with an agent of its own. A person's key is in memory only.
// All functions throw Failure(Reason::openpgp) for a fault of this host, also when gpg isn't done
// at `until`.
class Gpg {
  public:
    // `home` has the service's keys; it stays as it is, but for a directory of this run, which
    // refers to the keys and holds none. Directories of runs that were killed are removed.
    explicit Gpg(const std::string& home);
    Gpg(const Gpg&) = delete;
    Gpg& operator=(const Gpg&) = delete;
    // Ends the agent and removes the directory.
    ~Gpg();

    // The message is_within_bounds(). `known_key` is the one that signatures are verified with; "":
    // none. Reasons: it can't be decrypted; it is longer than `most` octets; it took too long.
    std::variant<Decryption, Reason> decrypt(const std::string& message,
                                             const std::string& known_key, std::size_t most,
                                             Clock::time_point until);

    // The public key of the home that has this fingerprint or address, as small as may be.
    std::string public_key(const std::string& name, Clock::time_point until);

    // When that key expires. None: never.
    std::optional<std::chrono::sys_seconds> expiry_of(const std::string& name,
                                                      Clock::time_point until);

    // Whether a message can be encrypted to a stranger's key.
    bool can_encrypt_to(const std::string& key, Clock::time_point until);

    // Signs with the home's primary key of that fingerprint, and encrypts to a stranger's key.
    std::string sign_and_encrypt(const std::string& octets, const std::string& signer,
                                 const std::string& key, Clock::time_point until);

    // Makes a key of ed25519 and cv25519 that never expires, for that address, in a home; makes
    // the home too. Returns its fingerprint.
    static std::string make_key(const std::string& home, const std::string& address,
                                Clock::time_point until);

  private:
    GpgResult run(std::vector<std::string> arguments, const std::string& input,
                  const std::string& key, std::size_t most, Clock::time_point until) const;
    bool has_secret_keys(Clock::time_point until) const;

    std::string directory_; // of this run
    Fd lock_;               // held on the directory while this lives
};

// A home with a key that is made for it; both end with this object. It is in memory, not on a disk:
// in $XDG_RUNTIME_DIR, else in /dev/shm. The key names nobody. What a process that was killed has
// left there is removed.
class MemoryHome {
  public:
    // Throws Failure(Reason::openpgp).
    explicit MemoryHome(Clock::time_point until);
    MemoryHome(const MemoryHome&) = delete;
    MemoryHome& operator=(const MemoryHome&) = delete;
    ~MemoryHome();

    const std::string& path() const { return path_; }
    const std::string& fingerprint() const { return fingerprint_; }
    // Not when somebody else has removed it: the end of a session may.
    bool is_there() const;

  private:
    std::string path_, fingerprint_;
    Fd lock_; // held on the directory while this lives
};
