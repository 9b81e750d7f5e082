#include "deadline.hh"
#include "signals.hh"

#include <array>
#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <string>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace std::chrono_literals;

namespace {

// A run that doesn't come back; what it says on stderr goes into the pipe.
pid_t start_hanging(bool reply_is_out, int stderr_fd)
{
    const pid_t pid = fork();
    if (pid != 0)
        return pid;
    dup2(stderr_fd, STDERR_FILENO);
    sigset_t all; // a mail system may have blocked every signal
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, nullptr);
    prepare_signals();
    start_deadline(1h);
    start_deadline(0s);
    if (reply_is_out)
        settle_deadline();
    sleep(5);
    _exit(99);
}

int exit_status(pid_t pid)
{
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

} // namespace

TEST_CASE("a run that hangs ends itself with 75, and with 0 and silence once the reply is out")
{
    std::array<int, 2> ends;
    REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
    const pid_t settled = start_hanging(true, ends[1]), unsettled = start_hanging(false, ends[1]);
    close(ends[1]);
    CHECK(exit_status(settled) == 0);
    CHECK(exit_status(unsettled) == 75);
    std::array<char, 200> text = {};
    CHECK(read(ends[0], text.data(), text.size() - 1) > 0);
    CHECK(std::string(text.data()) == "snowflake-mail: the deadline has passed\n");
    close(ends[0]);
}

TEST_CASE(
    "the time that is left is never negative, and not rounded to 0, which is no limit for libcurl")
{
    CHECK(time_left(Clock::now() - 1h) == 0ms);
    const auto until = Clock::now() + 1h;
    const auto left = time_left(until);
    CHECK((left <= 1h && Clock::now() + left >= until));
    CHECK(time_since(Clock::now() - 1500us) >= 1ms);
}

TEST_CASE("waiting ends with the event or with the time, whatever signals come")
{
    std::array<int, 2> ends;
    REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
    CHECK(wait_for(ends[1], POLLOUT, Clock::now() - 1s)); // ready beats late
    const auto old = std::signal(SIGALRM, [](int) {});
    const itimerval every_10_ms = {{0, 10000}, {0, 10000}}, never = {};
    setitimer(ITIMER_REAL, &every_10_ms, nullptr);
    const auto start = Clock::now();
    CHECK_FALSE(wait_for(ends[0], POLLIN, start + 100ms));
    const auto waited = Clock::now() - start;
    setitimer(ITIMER_REAL, &never, nullptr);
    std::signal(SIGALRM, old);
    CHECK((waited >= 100ms && waited < 1s));
    close(ends[1]);
    CHECK(wait_for(ends[0], POLLIN, Clock::now() + 5s)); // the end of file is an event
    close(ends[0]);
}
