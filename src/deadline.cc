#include "deadline.hh"

#include "failure.hh"
#include "log.hh"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <poll.h>
#include <sys/time.h>
#include <unistd.h>

namespace {

volatile std::sig_atomic_t status_past_deadline = exit_try_again, is_ending = 0;

// Also called while it runs: should the line hang after all, a second alarm ends that.
void end_process(int)
{
    if (status_past_deadline == exit_try_again && !is_ending) {
        is_ending = 1;
        alarm(1);
        complain("the deadline has passed");
    }
    _exit(status_past_deadline);
}

} // namespace

Clock::time_point start_deadline(std::chrono::seconds limit)
{
    static const auto start = Clock::now();
    struct sigaction action = {};
    action.sa_handler = end_process;
    action.sa_flags = SA_NODEFER;
    sigaction(SIGALRM, &action, nullptr);

    using namespace std::chrono_literals;
    const auto deadline = start + limit;
    const std::chrono::microseconds left = std::max(time_left(deadline + 1s), 1ms); // 0: no timer
    itimerval timer = {};
    timer.it_value.tv_sec = left / 1s;
    timer.it_value.tv_usec = left % 1s / 1us;
    setitimer(ITIMER_REAL, &timer, nullptr);
    return deadline;
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
