#include "environment.hh"

#include <cstdlib>
#include <doctest/doctest.h>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>

namespace {

bool is(const char* value, std::string_view wanted) { return value && value == wanted; }

// The number of the first thing that is wrong.
int fault_of_narrowed_environment()
{
    clearenv();
    setenv("SENDER_OF_ANOTHER", "x", 1);
    setenv("SENDER", "user@example.net", 1);
    setenv("SSLKEYLOGFILE", "/nonexistent", 1);
    setenv("RECIPIENT", "", 1);
    narrow_environment();
    narrow_environment();
    if (!is(std::getenv("SENDER"), "user@example.net") || !is(std::getenv("RECIPIENT"), ""))
        return 1;
    if (std::getenv("SSLKEYLOGFILE") || std::getenv("SENDER_OF_ANOTHER") || std::getenv("HOME"))
        return 2;
    for (char** entry = callers_environment(); *entry; ++entry)
        if (is(*entry, "SSLKEYLOGFILE=/nonexistent"))
            return 0;
    return 3;
}

} // namespace

TEST_CASE("only documented variables are left, and programs that are started get them all")
{
    const pid_t pid = fork();
    if (pid == 0)
        _exit(fault_of_narrowed_environment());
    int status = 0;
    waitpid(pid, &status, 0);
    CHECK(status == 0);
}
