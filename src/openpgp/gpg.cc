#include "openpgp/gpg.hh"

#include "failure.hh"
#include "lines.hh"
#include "openpgp/packets.hh"
#include "process.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <linux/magic.h>
#include <poll.h>
#include <sstream>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <sys/wait.h>
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
    fail("home of gpg: " + what + ": " + std::strerror(errno));
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

// Makes a directory with that prefix in another, and gives its name and its lock.
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
    fail_with_errno(place);
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

// gpg reads a key from there.
const char* const key_file = "/proc/self/fd/4";

void limit(pid_t pid, __rlimit_resource resource, rlim_t soft, rlim_t hard)
{
    const rlimit limits = {soft, hard};
    prlimit(pid, resource, &limits, nullptr);
}

struct Pipe {
    Fd read_end, write_end;
};

Pipe make_pipe()
{
    std::array<int, 2> ends;
    if (pipe2(ends.data(), O_CLOEXEC) != 0)
        fail("no descriptors for gpg");
    return {Fd(ends[0]), Fd(ends[1])};
}

// A child that is killed, with its own children, and waited for when this goes.
class Process {
  public:
    explicit Process(pid_t pid) : pid_(pid) {}
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process()
    {
        if (pid_ > 0) {
            kill(-pid_, SIGKILL);
            waitpid(pid_, nullptr, 0);
        }
    }
    pid_t id() const { return pid_; }
    int wait()
    {
        int status = 0;
        waitpid(pid_, &status, 0);
        pid_ = -1;
        return status;
    }

  private:
    pid_t pid_;
};

} // namespace

struct Gpg::Result {
    std::string output;
    std::vector<std::vector<std::string>> status; // the words of each line (GnuPG's doc/DETAILS)
    bool is_cut = false;                          // there is more output than may be
    bool is_over_time = false;                    // it used up its time on the processor
    bool has_failed = true;

    bool has(std::string_view keyword) const
    {
        return std::any_of(status.begin(), status.end(),
                           [&](const auto& words) { return words[0] == keyword; });
    }
};

Gpg::Gpg(const std::string& home)
{
    for (const char* name : own_files)
        if (access((home + "/" + name).c_str(), R_OK) != 0)
            fail_with_errno(home + "/" + name);
    remove_old_runs(home);
    std::tie(directory_, lock_) = make_locked(home, run_prefix);
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

Gpg::Result Gpg::run(std::vector<std::string> arguments, const std::string& input,
                     const std::string& key, std::size_t most, Clock::time_point until) const
{
    // Nothing is written into the home; and a person's clock may be wrong.
    arguments.insert(arguments.begin(),
                     {"--no-auto-check-trustdb", "--no-random-seed-file", "--lock-never",
                      "--ignore-time-conflict", "--ignore-valid-from"});
    return run_in(directory_, std::move(arguments), input, key, most, until);
}

Gpg::Result Gpg::run_in(const std::string& home, std::vector<std::string> arguments,
                        const std::string& input, const std::string& key, std::size_t most,
                        Clock::time_point until)
try {
    std::vector<std::string> argv = {"gpg", "--homedir", home};
    for (const char* option :
         {"--batch", "--no-tty", "--quiet", "--no-options", "--status-fd", "3", "--trust-model",
          "always", "--no-auto-key-locate", "--disable-dirmngr", "--pinentry-mode", "error"})
        argv.emplace_back(option);
    std::move(arguments.begin(), arguments.end(), std::back_inserter(argv));
    std::array<std::string, 2> environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C"};
    char* environment_list[] = {environment[0].data(), environment[1].data(), nullptr};

    const Fd in = sealed_file(input), key_in = sealed_file(key);
    Pipe out = make_pipe(), status = make_pipe();
    Process process(start_process(
        argv, {in.get(), out.write_end.get(), -1, status.write_end.get(), key_in.get()},
        environment_list));
    // It uses up its time on the processor before the mail's time is over, else the mail would come
    // again.
    constexpr rlim_t mebibyte = 1 << 20, seconds = 4;
    const auto half = static_cast<rlim_t>(time_left(until) / 2s);
    const rlim_t cpu = std::clamp<rlim_t>(half, 1, seconds + most / mebibyte);
    limit(process.id(), RLIMIT_CPU, cpu, cpu + 1); // SIGXCPU, then SIGKILL
    limit(process.id(), RLIMIT_AS, 512 * mebibyte, 512 * mebibyte);
    out.write_end.close();
    status.write_end.close();

    Result result;
    std::string lines;
    constexpr std::size_t most_status = 1 << 18;
    std::array<pollfd, 2> waited = {
        {{out.read_end.get(), POLLIN, 0}, {status.read_end.get(), POLLIN, 0}}};
    std::array<std::string*, 2> texts = {&result.output, &lines};
    while (waited[0].fd >= 0 || waited[1].fd >= 0) {
        const int ready =
            poll(waited.data(), waited.size(), static_cast<int>(time_left(until).count()));
        if (ready == 0)
            fail("gpg did not finish in time");
        for (std::size_t i = 0; i < waited.size(); ++i) {
            if (ready < 0 || waited[i].revents == 0)
                continue;
            std::array<char, 65536> buffer;
            const ssize_t count = read(waited[i].fd, buffer.data(), buffer.size());
            if (count <= 0)
                waited[i].fd = count < 0 && errno == EINTR ? waited[i].fd : -1;
            else
                texts[i]->append(buffer.data(), static_cast<std::size_t>(count));
        }
        if (result.output.size() > most || lines.size() > most_status) {
            result.is_cut = true;
            return result;
        }
    }
    const int end = process.wait(), signal = WIFSIGNALED(end) ? WTERMSIG(end) : 0;
    if (signal == SIGKILL || signal == SIGTERM)
        fail("gpg was killed by signal " + std::to_string(signal));
    result.is_over_time = signal == SIGXCPU;
    result.has_failed = end != 0;
    if (signal != 0) // a crash would come again, and what it said before doesn't count
        return result;
    std::istringstream stream(lines);
    for (std::string line; std::getline(stream, line);) {
        std::istringstream words(line);
        std::vector<std::string> list{std::istream_iterator<std::string>(words), {}};
        if (list.size() > 1) // the first is "[GNUPG:]"
            result.status.emplace_back(list.begin() + 1, list.end());
    }
    return result;
} catch (const NotStarted& failure) {
    fail(std::string("gpg ") + failure.what());
}

std::variant<Decryption, Reason> Gpg::decrypt(const std::string& message,
                                              const std::string& known_key, std::size_t most,
                                              Clock::time_point until)
{
    std::vector<std::string> arguments = {"--decrypt"};
    if (!known_key.empty())
        arguments.insert(arguments.begin(), {"--keyring", key_file});
    Result result = run(arguments, message, known_key, most, until);
    if (result.is_cut)
        return Reason::too_large;
    if (result.is_over_time)
        return Reason::too_complex;
    // The exit status is 2 when gpg has no key for the first of two anonymous recipients, or for a
    // signature; a message that was changed comes out whole, and is refused at its end.
    if (!result.has("DECRYPTION_OKAY") || !result.has("GOODMDC") ||
        result.has("DECRYPTION_FAILED") || result.has("BADMDC")) {
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
    const Result result =
        run({"--export-options", "export-minimal", "--export", "--", exactly(name)}, "", "",
            1 << 20, until);
    if (!is_public_key(result.output))
        fail("[openpgp] key: " + name + ": there is not exactly one such key in the home");
    return result.output;
}

bool Gpg::can_encrypt_to(const std::string& key, Clock::time_point until)
{
    const Result result = run({"--recipient-file", key_file, "--encrypt"}, "", key, 1 << 16, until);
    return result.has("END_ENCRYPTION") && !result.has_failed;
}

std::string Gpg::sign_and_encrypt(const std::string& octets, const std::string& signer,
                                  const std::string& key, Clock::time_point until)
{
    // "!": that key itself, and no subkey of it: Delta Chat knows no other signature.
    Result result =
        run({"--recipient-file", key_file, "--local-user", signer + "!", "--sign", "--encrypt"},
            octets, key, 1 << 20, until);
    if (!result.has("SIG_CREATED") || !result.has("END_ENCRYPTION") || result.has_failed)
        fail("gpg can't sign and encrypt the mail");
    return std::move(result.output);
}

std::optional<std::chrono::sys_seconds> Gpg::expiry_of(const std::string& name,
                                                       Clock::time_point until)
{
    const Result result =
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
    const Result result = run_in(home, {"--generate-key"},
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
