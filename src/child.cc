#include "child.hh"

#include "confine.hh"
#include "failure.hh"
#include "fd.hh"
#include "instrumented.hh"
#include "pidfd.hh"
#include "signals.hh"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <new>
#include <optional>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr int exit_of_a_bug = 1;
constexpr rlim_t most_descriptors = 32; // a charset module takes one while it is loaded

void limit(decltype(RLIMIT_CORE) resource, rlim_t value)
{
    const rlimit limits = {value, value};
    setrlimit(resource, &limits);
}

// Not every C library has close_range(2).
void close_all_but(int fd)
{
    syscall(SYS_close_range, 0U, static_cast<unsigned>(fd) - 1, 0U);
    syscall(SYS_close_range, static_cast<unsigned>(fd) + 1, ~0U, 0U);
}

// GLib raises SIGTRAP when it has no memory. Every other signal of a fault is the mail's doing,
// also SIGABRT, which the C library's checks of memory raise.
void set_signals()
{
    restore_signals();
    std::signal(SIGTRAP, [](int) { _exit(exit_try_again); });
}

void limit_processor(std::chrono::milliseconds time)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    itimerval timer = {};
    timer.it_value.tv_sec = seconds.count();
    timer.it_value.tv_usec = std::chrono::microseconds(time - seconds).count();
    setitimer(ITIMER_PROF, &timer, nullptr);
}

bool write_all(int fd, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t count = write(fd, text.data(), text.size());
        if (count < 0 && errno != EINTR)
            return false;
        text.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
    }
    return true;
}

// The life of the child. It never returns, and runs no handler or destructor of the parent's.
[[noreturn]] void be_child(const std::function<std::string()>& work, const ChildLimits& limits,
                           int output, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(exit_try_again);
    close_all_but(output);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, most_descriptors);
    prctl(PR_SET_DUMPABLE, 0);
    set_signals();
    limit_processor(limits.cpu);
    int status = exit_try_again;
    try {
        if (!is_instrumented) {
            limit(RLIMIT_AS, limits.memory);
            confine();
        }
        const std::string result = work();
        status = write_all(output, result) ? exit_done : exit_try_again;
    } catch (const std::bad_alloc&) {
    } catch (const Failure&) { // no descriptors
    } catch (...) {            // a bug, which the mail would meet again
        status = exit_of_a_bug;
    }
    _exit(status);
}

// None: there is more than may be. The child ends when nobody reads its output.
std::optional<std::string> read_output(int fd, std::size_t most, Clock::time_point until)
{
    std::string output;
    std::array<char, 65536> buffer;
    for (;;) {
        if (!wait_for(fd, POLLIN, until))
            throw Failure(Reason::internal, "the mail's reader did not finish in time");
        const ssize_t count = read(fd, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return output;
        if (output.size() + static_cast<std::size_t>(count) > most)
            return std::nullopt;
        output.append(buffer.data(), static_cast<std::size_t>(count));
    }
}

// A child that is killed and waited for when this goes.
class Child {
  public:
    explicit Child(pid_t pid) : pid_(pid), exited_(open_pidfd(pid)) {}
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child()
    {
        if (pid_ > 0) {
            kill(pid_, SIGKILL);
            waitpid(pid_, nullptr, 0);
        }
    }

    // Its status as waitpid(2) gives it, and its peak of memory in octets.
    std::pair<int, std::size_t> wait(Clock::time_point until)
    {
        // Without a descriptor for it only the deadline of the whole run bounds its end.
        if (exited_.get() >= 0 && !wait_for(exited_.get(), POLLIN, until))
            throw Failure(Reason::internal, "the mail's reader did not end");
        int status = 0;
        rusage usage = {};
        wait4(pid_, &status, 0, &usage);
        pid_ = -1;
        return {status, static_cast<std::size_t>(usage.ru_maxrss) * 1024};
    }

  private:
    pid_t pid_;
    Fd exited_;
};

ChildResult::End end_of(int status, bool has_used_memory)
{
    using End = ChildResult::End;
    const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == exit_done)
        return End::done;
    if (signal == SIGPROF)
        return End::over_limit;
    const bool is_short_of_memory = WIFEXITED(status) && WEXITSTATUS(status) == exit_try_again;
    if (is_short_of_memory || signal == SIGKILL || signal == SIGTERM)
        return has_used_memory ? End::over_limit : End::host_fault;
    return End::crashed;
}

} // namespace

ChildResult run_child(const std::function<std::string()>& work, const ChildLimits& limits,
                      Clock::time_point until, const std::function<void()>& meanwhile)
{
    std::array<int, 2> ends;
    if (pipe2(ends.data(), O_CLOEXEC) != 0)
        throw Failure(Reason::internal, "no descriptors for the mail's reader");
    const Fd output(ends[0]);
    Fd input(ends[1]);
    const pid_t parent = getpid(), pid = fork();
    if (pid < 0)
        throw Failure(Reason::internal, "no process for the mail's reader");
    if (pid == 0)
        be_child(work, limits, input.get(), parent);
    Child child(pid);
    input.close();
    if (meanwhile)
        meanwhile();
    auto text = read_output(output.get(), limits.output, until);
    if (!text)
        return {ChildResult::End::over_limit, ""};
    const auto [status, peak] = child.wait(until);
    return {end_of(status, peak > limits.memory / 2), std::move(*text)};
}
