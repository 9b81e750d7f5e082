#include "client/listener.hh"

#include "client/client_failure.hh"
#include "helpers.hh"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/un.h>
#include <vector>

namespace {

// A listening socket that no directory names.
Fd listening_socket()
{
    Fd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const sa_family_t family = AF_UNIX; // alone: the kernel gives it an abstract name (unix(7))
    REQUIRE(bind(fd.get(), reinterpret_cast<const sockaddr*>(&family), sizeof family) == 0);
    REQUIRE(listen(fd.get(), 16) == 0);
    return fd;
}

Fd connected_to(int listener)
{
    sockaddr_un address = {};
    socklen_t size = sizeof address;
    REQUIRE(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    Fd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    REQUIRE(connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0);
    return fd;
}

// No more descriptors than these, while it lives.
struct DescriptorLimit {
    explicit DescriptorLimit(rlim_t most)
    {
        getrlimit(RLIMIT_NOFILE, &before);
        const rlimit limit = {most, before.rlim_max};
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    ~DescriptorLimit() { setrlimit(RLIMIT_NOFILE, &before); }
    rlimit before = {};
};

} // namespace

TEST_CASE("each connection is taken once, and doesn't block")
{
    Fd socket = listening_socket();
    const int fd = socket.get();
    std::vector<Fd> taken;
    const Listener listener(std::move(socket), [&](Fd peer) { taken.push_back(std::move(peer)); });
    const Fd one = connected_to(fd), two = connected_to(fd);
    REQUIRE(iterate_until([&] { return taken.size() == 2; }));
    char octet;
    CHECK(recv(taken[0].get(), &octet, 1, 0) < 0);
    CHECK(errno == EAGAIN);
    REQUIRE(run_what_waits());
    CHECK(taken.size() == 2);
}

TEST_CASE(
    "without descriptors a connection waits, the rest goes on, and it is taken when one is free")
{
    const Watchdog watchdog;
    Fd socket = listening_socket();
    const int fd = socket.get();
    std::vector<Fd> taken;
    const Listener listener(std::move(socket), [&](Fd peer) { taken.push_back(std::move(peer)); });
    const Fd one = connected_to(fd);
    int turns = 0;
    const std::string said = said_during([&] {
        const DescriptorLimit limit(3);
        const auto end = Clock::now() + std::chrono::milliseconds(1500); // tries twice in that time
        iterate_until([&] {
            ++turns;
            return Clock::now() > end;
        });
    });
    CHECK(said == "no connection can be taken, trying again: Too many open files\n");
    CHECK(taken.empty());
    CHECK(turns < 1000); // it doesn't spin: the helper's own timer makes 300
    CHECK(iterate_until([&] { return taken.size() == 1; }));
}

TEST_CASE("a listener that can't listen any more ends the program aloud")
{
    const Watchdog watchdog;
    Fd socket = listening_socket();
    const int fd = socket.get();
    const Listener listener(std::move(socket), [](const Fd&) {});
    std::string fault = "no connection can be taken: Invalid argument";
    SUBCASE("it was shut down")
    {
        shutdown(fd, SHUT_RDWR);
        fault = "no connection can be taken any more";
    }
    SUBCASE("it is something else now")
    {
        const Fd other(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        dup2(other.get(), fd);
    }
    CHECK_THROWS_WITH_AS(run_main_loop(), fault.c_str(), ClientFailure);
}
