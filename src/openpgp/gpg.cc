#include "openpgp/gpg.hh"

#include "failure.hh"
#include "openpgp/gpg_process.hh"
#include "openpgp/packets.hh"
#include "process.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <linux/magic.h>
#include <poll.h>
#include <sstream>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <tuple>
#include <unistd.h>
#include <utility>

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::string_view run_prefix = "run-", home_prefix = "snowflake-mail-";
constexpr const char* own_files[] = {"private-keys-v1.d", "pubring.kbx"};

[[noreturn]] void fail(const std::string& what) { throw Failure(Reason::openpgp, what); }

[[noreturn]] void fail_with_errno(const std::string& what)
{
    fail("[openpgp] home: " + what + ": " + std::strerror(errno));
}

// The lock tells that the run lives. A file descriptor of -1: another process has it, or the
// directory is another user's.
Fd try_lock(const std::string& directory)
{
    struct stat status;
    Fd fd(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    if (fd.get() >= 0 && (fstat(fd.get(), &status) != 0 || status.st_uid != geteuid() ||
                          flock(fd.get(), LOCK_EX | LOCK_NB) != 0))
        fd.close();
    return fd;
}

Fd connected_agent(const std::string& directory)
{
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    const std::string name = directory + "/S.gpg-agent";
    if (name.size() >= sizeof address.sun_path)
        return Fd();
    std::memcpy(address.sun_path, name.data(), name.size());
    Fd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (fd.get() >= 0 &&
        connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return Fd();
    return fd;
}

// gpg puts the sockets there rather than into its home, if there is such a directory.
bool has_runtime_directory()
{
    return access(("/run/user/" + std::to_string(geteuid())).c_str(), F_OK) == 0;
}

// Never throws: the agent also ends by itself when its home is gone.
void end_agent(const std::string& directory)
try {
    const auto until = Clock::now() + 2s;
    if (const Fd agent = connected_agent(directory); agent.get() >= 0) {
        constexpr std::string_view command = "KILLAGENT\n";
        std::array<char, 256> answer;
        if (send(agent.get(), command.data(), command.size(), MSG_NOSIGNAL) > 0)
            while (wait_for(agent.get(), POLLIN, until) &&
                   read(agent.get(), answer.data(), answer.size()) > 0)
                continue;
    } else if (has_runtime_directory()) {
        for (const char* action : {"--kill=all", "--remove-socketdir"})
            run_process({"gpgconf", "--homedir", directory, action}, "", Output::discarded, until);
    }
} catch (const std::exception&) {
}

void remove_run(const std::string& directory)
{
    end_agent(directory);
    // The agent removes its sockets at the same time; then remove_all() stops.
    std::error_code error;
    for (int attempt = 0; attempt < 20 && fs::exists(directory, error); ++attempt)
        fs::remove_all(directory, error);
}

// What a run that was killed has left: its directory, perhaps with an agent.
void remove_old_runs(const std::string& home)
{
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(home, error))
        if (entry.path().filename().string().starts_with(run_prefix))
            if (const Fd lock = try_lock(entry.path()); lock.get() >= 0)
                remove_run(entry.path());
}

// What such a process has left in a directory of homes.
void remove_old_homes(const std::string& place)
{
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(place, error))
        if (entry.path().filename().string().starts_with(home_prefix))
            if (const Fd lock = try_lock(entry.path()); lock.get() >= 0) {
                remove_old_runs(entry.path());
                remove_run(entry.path());
            }
}

bool is_there(int directory)
{
    struct stat status;
    return fstat(directory, &status) == 0 && status.st_nlink > 0;
}

// Makes a directory with that prefix in another, and gives its name and its lock; none: errno tells
// why.
std::pair<std::string, Fd> make_locked(const std::string& place, std::string_view prefix)
{
    for (int attempt = 0; attempt < 10; ++attempt) {
        std::string name = place + "/" + std::string(prefix) + "XXXXXX";
        if (!mkdtemp(name.data()))
            break;
        // Another run may take a new directory for an old one until it has its lock.
        if (Fd lock = try_lock(name); lock.get() >= 0 && is_there(lock.get()))
            return {name, std::move(lock)};
    }
    return {"", Fd()};
}

// Whether a directory is there that no disk has.
bool is_in_memory(const std::string& directory)
{
    struct statfs status;
    return statfs(directory.c_str(), &status) == 0 &&
           (status.f_type == TMPFS_MAGIC || status.f_type == RAMFS_MAGIC);
}

std::string place_in_memory()
{
    constexpr std::size_t longest = 50; // gpg's socket is in a directory of a directory in it
    const char* const runtime = std::getenv("XDG_RUNTIME_DIR");
    for (const std::string& place : {std::string(runtime ? runtime : ""), std::string("/dev/shm")})
        if (!place.empty() && place.size() <= longest && is_in_memory(place) &&
            access(place.c_str(), W_OK | X_OK) == 0)
            return place;
    fail("there is no place in memory for a key: neither XDG_RUNTIME_DIR nor /dev/shm is a tmpfs");
}

void write_file(const std::string& name, std::string_view content)
{
    const Fd file(open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (file.get() < 0 ||
        write(file.get(), content.data(), content.size()) != static_cast<ssize_t>(content.size()))
        fail_with_errno(name);
}

// A fingerprint, or an address that is the whole of it: gpg takes a part for a match, too.
std::string exactly(const std::string& name)
{
    return name.find('@') == name.npos ? name : "<" + name + ">";
}

} // namespace

Gpg::Gpg(const std::string& home)
{
    for (const char* name : own_files)
        if (access((home + "/" + name).c_str(), R_OK) != 0)
            fail_with_errno(home + "/" + name);
    remove_old_runs(home);
    std::tie(directory_, lock_) = make_locked(home, run_prefix);
    if (directory_.empty())
        fail_with_errno(home);
    try {
        for (const char* name : own_files)
            if (symlink((std::string("../") + name).c_str(), (directory_ + "/" + name).c_str()) !=
                0)
                fail_with_errno(home);
        write_file(directory_ + "/gpg-agent.conf", "disable-scdaemon\n");
    } catch (const Failure&) {
        remove_run(directory_);
        throw;
    }
}

Gpg::~Gpg() { remove_run(directory_); }

GpgResult Gpg::run(std::vector<std::string> arguments, const std::string& input,
                   const std::string& key, std::size_t most, Clock::time_point until) const
{
    // Nothing is written into the home; and a person's clock may be wrong.
    arguments.insert(arguments.begin(),
                     {"--no-auto-check-trustdb", "--no-random-seed-file", "--lock-never",
                      "--ignore-time-conflict", "--ignore-valid-from"});
    return run_gpg(directory_, std::move(arguments), input, key, most, until);
}

std::variant<Decryption, Reason> Gpg::decrypt(const std::string& message,
                                              const std::string& known_key, std::size_t most,
                                              Clock::time_point until)
{
    std::vector<std::string> arguments = {"--decrypt"};
    // When such data was changed gpg 2.2 puts it out, and says that all is good. Its exit status
    // tells, where no signature is looked at.
    const bool exit_status_tells = has_authenticated_data(message);
    if (exit_status_tells)
        arguments.insert(arguments.begin(), "--skip-verify");
    else if (!known_key.empty())
        arguments.insert(arguments.begin(), {"--keyring", gpg_key_file});
    GpgResult result = run(arguments, message, known_key, most, until);
    if (result.is_cut)
        return Reason::too_large;
    if (result.is_over_time)
        return Reason::too_complex;
    // A person with a key of version 6 signs in a way that gpg doesn't get past.
    const bool is_beyond_gpg = result.output.empty() && result.has("ERROR");
    if (result.is_nested || is_beyond_gpg)
        return Reason::undecryptable;
    // The exit status is 2 when gpg has no key for the first of two anonymous recipients, or for a
    // signature; a message that was changed comes out whole, and is refused at its end.
    if ((exit_status_tells && result.has_failed) || !result.has("DECRYPTION_OKAY") ||
        !result.has("GOODMDC") || result.has("DECRYPTION_FAILED") || result.has("BADMDC")) {
        if (!has_secret_keys(until))
            fail("gpg finds no secret key in [openpgp] home, or no gpg-agent");
        return Reason::undecryptable;
    }
    Decryption decryption{std::move(result.output), {}};
    for (const auto& words : result.status)
        if (words[0] == "VALIDSIG")
            decryption.signers.push_back(words.back());
    return decryption;
}

bool Gpg::has_secret_keys(Clock::time_point until) const
{
    const std::string list =
        run({"--list-secret-keys", "--with-colons"}, "", "", 1 << 20, until).output;
    return list.starts_with("sec:") || list.find("\nsec:") != list.npos;
}

std::string Gpg::public_key(const std::string& name, Clock::time_point until)
{
    const GpgResult result =
        run({"--export-options", "export-minimal", "--export", "--", exactly(name)}, "", "",
            1 << 20, until);
    if (!is_public_key(result.output))
        fail("[openpgp] key: " + name + ": there is not exactly one such key in the home");
    return result.output;
}

bool Gpg::can_encrypt_to(const std::string& key, Clock::time_point until)
{
    const GpgResult result =
        run({"--recipient-file", gpg_key_file, "--encrypt"}, "", key, 1 << 16, until);
    return result.has("END_ENCRYPTION") && !result.has_failed;
}

std::string Gpg::sign_and_encrypt(const std::string& octets, const std::string& signer,
                                  const std::string& key, Clock::time_point until)
{
    // "!": that key itself, and no subkey of it: Delta Chat knows no other signature.
    GpgResult result =
        run({"--recipient-file", gpg_key_file, "--local-user", signer + "!", "--sign", "--encrypt"},
            octets, key, 1 << 20, until);
    if (!result.has("SIG_CREATED") || !result.has("END_ENCRYPTION") || result.has_failed)
        fail("gpg can't sign and encrypt the mail");
    return std::move(result.output);
}

std::optional<std::chrono::sys_seconds> Gpg::expiry_of(const std::string& name,
                                                       Clock::time_point until)
{
    const GpgResult result =
        run({"--with-colons", "--list-keys", "--", exactly(name)}, "", "", 1 << 20, until);
    std::istringstream lines(result.output);
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("pub:"))
            continue;
        std::istringstream fields(line);
        std::string field;
        for (int number = 0; number < 7; ++number) // GnuPG's doc/DETAILS
            std::getline(fields, field, ':');
        if (field.empty())
            return std::nullopt;
        return std::chrono::sys_seconds(
            std::chrono::seconds(std::strtoll(field.c_str(), nullptr, 10)));
    }
    fail("[openpgp] key: " + name + ": there is no such key in the home");
}

std::string Gpg::make_key(const std::string& home, const std::string& address,
                          Clock::time_point until)
{
    if (mkdir(home.c_str(), 0700) != 0 && errno != EEXIST)
        fail_with_errno(home);
    // No signing subkey: Delta Chat knows no signature but the primary key's.
    const GpgResult result =
        run_gpg(home, {"--generate-key"},
                "%no-protection\nKey-Type: EDDSA\nKey-Curve: ed25519\n"
                "Key-Usage: cert,sign\nSubkey-Type: ECDH\nSubkey-Curve: cv25519\n"
                "Subkey-Usage: encrypt\nName-Email: " +
                    address + "\nExpire-Date: 0\n%commit\n",
                "", 4096, until);
    end_agent(home);
    for (const auto& words : result.status)
        if (words[0] == "KEY_CREATED")
            return words.back();
    fail("gpg can't make a key in " + home);
}

MemoryHome::MemoryHome(Clock::time_point until)
{
    const std::string place = place_in_memory();
    remove_old_homes(place);
    std::tie(path_, lock_) = make_locked(place, home_prefix);
    if (path_.empty())
        fail(place + ": " + std::strerror(errno));
    try {
        fingerprint_ = Gpg::make_key(path_, "nobody@localhost", until);
    } catch (const Failure&) {
        remove_run(path_);
        throw;
    }
}

MemoryHome::~MemoryHome()
{
    remove_old_runs(path_);
    remove_run(path_);
}

bool MemoryHome::is_there() const
{
    return std::all_of(std::begin(own_files), std::end(own_files), [&](const char* name) {
        return access((path_ + "/" + name).c_str(), R_OK) == 0;
    });
}
