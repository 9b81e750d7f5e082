#include "child.hh"

#include "charset.hh"
#include "helpers.hh"
#include "temporary_directory.hh"

#include <array>
#include <cerrno>
#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fstream>
#include <glib.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace std::chrono_literals;
using End = ChildResult::End;

namespace {

constexpr std::size_t mebibyte = 1 << 20;
constexpr ChildLimits limits{512 * mebibyte, 500ms, mebibyte};

ChildResult run(const std::function<std::string()>& work, ChildLimits given = limits)
{
    return run_child(work, given, Clock::now() + 20s);
}

// The error of a call in the child; "ok" when it succeeds.
std::string in_child(const std::function<long()>& call)
{
    const ChildResult result =
        run([&] { return call() >= 0 ? std::string("ok") : std::to_string(errno); });
    CHECK(result.end == End::done);
    return result.output;
}

} // namespace

TEST_CASE("a child hands back what it made, and changes nothing here")
{
    int number = 1;
    const ChildResult result = run([&] {
        number = 2;
        return std::string(200'000, 'x');
    });
    CHECK(result.end == End::done);
    CHECK(result.output == std::string(200'000, 'x'));
    CHECK(number == 1);
    CHECK(run([] { return ""; }).end == End::done);
}

TEST_CASE("a child that needs too much time on the processor, or makes too much, is over its limit")
{
    CHECK(run([]() -> std::string {
              volatile bool is_on = true;
              while (is_on) {
              }
              return "";
          }).end == End::over_limit);
    CHECK(run([] { return std::string(mebibyte + 1, 'x'); }).end == End::over_limit);
}

TEST_CASE("a child that dies of a signal has crashed; one that is killed met a fault of this host")
{
    for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGALRM}) {
        CAPTURE(signal);
        CHECK(run([&]() -> std::string {
                  raise(signal);
                  return "";
              }).end == End::crashed);
    }
    for (const int signal : {SIGKILL, SIGTERM})
        CHECK(run([&]() -> std::string {
                  raise(signal);
                  return "";
              }).end == End::host_fault);
    CHECK(run([]() -> std::string { _exit(3); }).end == End::crashed);
    CHECK(run([]() -> std::string { throw std::out_of_range("a bug"); }).end == End::crashed);
}

TEST_CASE("a child without memory or descriptors says so")
{
    CHECK(run([]() -> std::string { throw std::bad_alloc(); }).end == End::host_fault);
    CHECK(run([]() -> std::string { throw Failure(Reason::memory, "no descriptors"); }).end ==
          End::host_fault);
    CHECK(run([]() -> std::string {
              raise(SIGTRAP); // as GLib does
              return "";
          }).end == End::host_fault);
}

TEST_CASE("a child that isn't done in time is killed, and the mail is kept")
{
    CHECK(failure_of([] {
              run_child(
                  []() -> std::string {
                      for (;;)
                          pause();
                  },
                  {512 * mebibyte, 10s, mebibyte}, Clock::now() + 100ms);
          }).find("in time") != std::string::npos);
    CHECK(waitpid(-1, nullptr, WNOHANG) == -1); // nothing is left of it
}

TEST_CASE("this process does something else meanwhile, and a failure of it ends the child")
{
    int number = 1;
    const auto result = run_child([&] { return std::to_string(number); }, limits,
                                  Clock::now() + 20s, [&] { number = 2; });
    CHECK(result.output == "1");
    CHECK(number == 2);
    CHECK(failure_of([] {
              run_child(
                  []() -> std::string {
                      for (;;)
                          pause();
                  },
                  {512 * mebibyte, 10s, mebibyte}, Clock::now() + 5s,
                  [] { throw Failure(Reason::library, "missing"); });
          }) == "library: missing");
    CHECK(waitpid(-1, nullptr, WNOHANG) == -1); // nothing is left of it
}

// Sanitizers get no confinement.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

TEST_CASE("a child that fills its memory is over its limit; one that this host has none for is not")
{
    const auto fill = []() -> std::string {
        std::vector<std::string> blocks;
        for (;;)
            blocks.emplace_back(mebibyte, 'x');
    };
    CHECK(run(fill, {256 * mebibyte, 5s, mebibyte}).end == End::over_limit);
    CHECK(run([]() -> std::string { return std::string(4096 * mebibyte, 'x'); }).end ==
          End::host_fault);
    CHECK(run([]() -> std::string {
              g_malloc(4096 * mebibyte); // ends in SIGTRAP
              return "";
          }).end == End::host_fault);
}

TEST_CASE("a child can't open a socket, a file or a program, nor touch another process")
{
    const TemporaryDirectory directory;
    const std::string key = directory.path + "/key", made = directory.path + "/made";
    std::ofstream(key) << "secret";
    const std::string not_permitted = std::to_string(EPERM), no_access = std::to_string(EACCES);

    CHECK(in_child([] { return socket(AF_INET, SOCK_STREAM, 0); }) == not_permitted);
    CHECK(in_child([] { return socket(AF_UNIX, SOCK_STREAM, 0); }) == not_permitted);
    CHECK(in_child([] {
              std::array<int, 2> ends;
              return socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data());
          }) == not_permitted);
    const std::string read_key = in_child([&] { return open(key.c_str(), O_RDONLY); });
    CHECK((read_key == no_access || read_key == not_permitted));
    CHECK(in_child([&] { return open(made.c_str(), O_WRONLY | O_CREAT, 0600); }) == not_permitted);
    CHECK(in_child([&] { return open(key.c_str(), O_RDWR); }) == not_permitted);
    CHECK(in_child([&] { return unlink(key.c_str()); }) == not_permitted);
    CHECK(in_child([&] { return execl("/bin/true", "true", nullptr); }) == not_permitted);
    CHECK(in_child([] { return fork(); }) == not_permitted);
    CHECK(in_child([] { return kill(getppid(), 0); }) == not_permitted);
    CHECK(in_child([] { return kill(-1, 0); }) == not_permitted);
    CHECK(access(made.c_str(), F_OK) != 0);
}

TEST_CASE("a child has no descriptor of ours")
{
    const int ours = open("/dev/null", O_RDONLY | O_CLOEXEC);
    REQUIRE(ours >= 0);
    CHECK(in_child([&] { return read(ours, nullptr, 0); }) == std::to_string(EBADF));
    CHECK(in_child([] { return read(STDIN_FILENO, nullptr, 0); }) == std::to_string(EBADF));
    close(ours);
}

#endif

TEST_CASE("a child can decode every charset")
{
    const ChildResult result = run([] {
        return to_utf8("\x83\x65", "shift_jis") + to_utf8("\xb2\xe2", "gb18030") +
               to_utf8("+AGE-", "utf-7") + to_utf8("\xd4", "koi8-r");
    });
    CHECK(result.output == "\u30c6\u6d4ba\u0442");
}
