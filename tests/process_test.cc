#include "process.hh"

#include "signals.hh"

#include <csignal>
#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace std::chrono_literals;

namespace {

std::optional<int> shell(const std::string& script, const std::string& input = "",
                         std::chrono::milliseconds patience = 10s)
{
    prepare_signals();
    return run_process({"/bin/sh", "-c", script}, input, Output::discarded,
                       Clock::now() + patience);
}

} // namespace

TEST_CASE("a program gets its input whole, and its status comes back")
{
    const auto status = shell("test \"$(wc -c)\" = 300000 && exit 7", std::string(300000, 'x'));
    REQUIRE(status);
    CHECK(WIFEXITED(*status));
    CHECK(WEXITSTATUS(*status) == 7);
}

TEST_CASE("the input is a file that is complete from the start, and that nobody can change")
{
    CHECK(shell("test -f /dev/stdin && test $(stat -L -c %s /dev/stdin) = 300000 && "
                "! (echo x >&0) && ! (: >/dev/stdin) && test $(wc -c) = 300000",
                std::string(300000, 'x')) == 0);
    CHECK(shell("test $(wc -c) = 0") == 0);
}

TEST_CASE("where the input can't be kept nothing is started, and one descriptor is enough")
{
    const auto with_limit = [](auto resource, rlim_t limit, const std::string& input) {
        rlimit before;
        getrlimit(resource, &before);
        const rlimit less{limit, before.rlim_max};
        setrlimit(resource, &less);
        std::string result;
        try {
            result = shell("exit 0", input) == 0 ? "done" : "failed";
        } catch (const NotStarted& failure) {
            result = failure.what();
        }
        setrlimit(resource, &before);
        return result;
    };
    std::signal(SIGXFSZ, SIG_IGN);
    CHECK(with_limit(RLIMIT_FSIZE, 2000, std::string(3000, 'x')) ==
          "can't be given its input: File too large");
    const int lowest = dup(0);
    close(lowest);
    const auto used = static_cast<rlim_t>(lowest); // and no other above
    CHECK(with_limit(RLIMIT_NOFILE, used, "x") == "can't be given its input: Too many open files");
    CHECK(with_limit(RLIMIT_NOFILE, used + 1, "x") == "done");
}

TEST_CASE("a program that reads nothing is judged by its status, one that a signal ends by that")
{
    CHECK(shell("exit 0", std::string(300000, 'x')) == 0);
    const auto status = shell("kill -KILL $$");
    REQUIRE(status);
    CHECK(WIFSIGNALED(*status));
}

TEST_CASE("arguments are passed as they are: no shell sees them")
{
    const auto status = run_process({"/usr/bin/test", "$(id) ; '\"", "=", "$(id) ; '\""}, "",
                                    Output::discarded, Clock::now() + 10s);
    CHECK(status == 0);
}

TEST_CASE(
    "a program that hangs is killed with its children when the time is over, whether it reads or "
    "not")
{
    CHECK_FALSE(shell("sleep 60 & sleep 60", "", 100ms));
    CHECK_FALSE(shell("sleep 60", std::string(300000, 'x'), 100ms));
}

TEST_CASE("a program that isn't there is told from one that failed")
{
    CHECK_THROWS_AS(run_process({"/nowhere/program"}, "", Output::discarded, Clock::now() + 1s),
                    NotStarted);
}
