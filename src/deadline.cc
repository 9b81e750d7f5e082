#include "deadline.hh"

#include "failure.hh"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <poll.h>
#include <sys/time.h>
#include <unistd.h>

namespace {

volatile std::sig_atomic_t status_past_deadline = exit_try_again;

void end_process(int)
{
    if (status_past_deadline == exit_try_again) {
        constexpr char line[] = "snowflake-mail: the deadline has passed\n";
        [[maybe_unused]] const auto written = write(STDERR_FILENO, line, sizeof line - 1);
    }
    _exit(status_past_deadline);
}

} // namespace

Clock::time_point start_deadline(std::chrono::seconds limit)
{
    struct sigaction action = {};
    action.sa_handler = end_process;
    sigaction(SIGALRM, &action, nullptr);
    sigset_t alarm;
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    sigprocmask(SIG_UNBLOCK, &alarm, nullptr);

    itimerval timer = {};
    timer.it_value.tv_sec = limit.count() + 1;
    setitimer(ITIMER_REAL, &timer, nullptr);
    return Clock::now() + limit;
}

void settle_deadline() { status_past_deadline = exit_done; }

std::chrono::milliseconds time_left(Clock::time_point until)
{
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
    return std::max(left, std::chrono::milliseconds(0));
}

std::chrono::milliseconds time_since(Clock::time_point start)
{
    return std::chrono::floor<std::chrono::milliseconds>(Clock::now() - start);
}

bool wait_for(int fd, short events, Clock::time_point until)
{
    for (;;) {
        pollfd waited{fd, events, 0};
        const int ready = poll(&waited, 1, static_cast<int>(time_left(until).count()));
        if (ready > 0)
            return true;
        if (ready == 0)
            return false;
        if (errno != EINTR)
            throw Failure(Reason::internal, "poll failed");
    }
}
