#include "signals.hh"

#include <csignal>
#include <doctest/doctest.h>
#include <initializer_list>
#include <limits>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

// The status of a process that does this, as waitpid(2) gives it.
template <class Action> int status_of(Action action)
{
    const pid_t pid = fork();
    if (pid == 0) {
        const rlimit no_core = {};
        setrlimit(RLIMIT_CORE, &no_core);
        for (int number = 1; number < NSIG; ++number) // doctest has handlers of its own
            std::signal(number, SIG_DFL);
        action();
        _exit(0);
    }
    int status = 0, end = 0;
    waitpid(pid, &status, WUNTRACED);
    if (WIFSTOPPED(status)) {
        kill(pid, SIGKILL);
        waitpid(pid, &end, 0);
    }
    return status;
}

void prepare_and_raise(int number)
{
    sigset_t all; // as a mail system may leave it
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, nullptr);
    prepare_signals();
    raise(number);
}

int overflow_stack(int calls)
{
    volatile char frame[4096] = {};
    return calls == 0 ? 0 : overflow_stack(calls - 1) + frame[0];
}

} // namespace

TEST_CASE("no signal ends the process but with 75, and those that calls raise do nothing")
{
    for (int number = 1; number < NSIG; ++number) {
        CAPTURE(number);
        const int end = status_of([&] { std::signal(number, SIG_DFL), raise(number); });
        if (!WIFSIGNALED(end) || number == SIGKILL)
            continue; // it ends nothing
        const int status = status_of([&] { prepare_and_raise(number); });
        REQUIRE(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == (number == SIGPIPE || number == SIGXFSZ ? 0 : 75));
    }
}

TEST_CASE("a stack that overflows is 75, too")
{
    const int status = status_of([] {
        prepare_signals();
        overflow_stack(std::numeric_limits<int>::max());
    });
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 75);
}

TEST_CASE("a forked process that reads what strangers wrote can be ended by a signal")
{
    for (const int number : {SIGSEGV, SIGBUS, SIGABRT, SIGTRAP, SIGTERM}) {
        const int status = status_of([&] {
            prepare_signals();
            restore_signals();
            raise(number);
        });
        REQUIRE(WIFSIGNALED(status));
        CHECK(WTERMSIG(status) == number);
    }
}

TEST_CASE("a signal that is held ends nothing, one of the deadline or of a fault does")
{
    for (const int number :
         {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGRTMAX, SIGALRM, SIGSEGV, SIGBUS, SIGABRT}) {
        CAPTURE(number);
        const int status = status_of([&] {
            prepare_signals();
            hold_signals();
            raise(number);
        });
        REQUIRE(WIFEXITED(status));
        const bool is_fault =
            number == SIGALRM || number == SIGSEGV || number == SIGBUS || number == SIGABRT;
        CHECK(WEXITSTATUS(status) == (is_fault ? 75 : 0));
    }
}
