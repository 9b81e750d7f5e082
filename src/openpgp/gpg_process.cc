#include "openpgp/gpg_process.hh"

#include "failure.hh"
#include "fd.hh"
#include "process.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <iterator>
#include <poll.h>
#include <sstream>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;

[[noreturn]] void fail(const std::string& what) { throw Failure(Reason::openpgp, what); }

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

// Whether the status lines tell of a session key behind the beginning of what is decrypted.
bool has_nested_message(std::string_view lines)
{
    const auto begin = lines.find("\n[GNUPG:] BEGIN_DECRYPTION\n");
    return begin != lines.npos && lines.find("\n[GNUPG:] ENC_TO ", begin) != lines.npos;
}

} // namespace

bool GpgResult::has(std::string_view keyword) const
{
    return std::any_of(status.begin(), status.end(),
                       [&](const auto& words) { return words[0] == keyword; });
}

GpgResult run_gpg(const std::string& home, std::vector<std::string> arguments,
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

    GpgResult result;
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
        if (has_nested_message(lines)) {
            result.is_nested = true;
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
