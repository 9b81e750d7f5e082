#include "client/handover.hh"

#include "../temporary_directory.hh"
#include "client/client_failure.hh"
#include "helpers.hh"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <stdexcept>
#include <sys/stat.h>
#include <sys/un.h>
#include <vector>

using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const DeliveredMail mail{"snowflake@example.org", "me@example.net", "From: a@b\n\nHello\n"};

bool refuse_all(const DeliveredMail&) { return false; }

sockaddr_un address_of(const std::string& path)
{
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    return address;
}

Fd unix_socket(int flags = 0) { return Fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0)); }

bool connect_to(int fd, const std::string& path)
{
    const auto address = address_of(path);
    return connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

// A socket bound at `path`. Closed, it is the socket of a client that was killed.
Fd bind_to(const std::string& path)
{
    Fd fd = unix_socket();
    const auto address = address_of(path);
    REQUIRE(bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    return fd;
}

// what() of the ClientFailure with which a Handover at `path` doesn't start.
std::string fault_at(const std::string& path)
{
    try {
        const Handover handover(path, refuse_all);
    } catch (const ClientFailure& failure) {
        return failure.what();
    }
    return "";
}

} // namespace

TEST_CASE("a mail is handed over octet by octet, and the verdict comes back")
{
    const TemporaryDirectory there;
    const std::string path = there.path + "/run/socket";
    std::vector<DeliveredMail> seen;
    bool takes = true;
    const Handover handover(path, [&](const DeliveredMail& one) {
        seen.push_back(one);
        return takes;
    });
    std::string bytes("From: a@b\r\n\n\0\n\xff", 15);
    bytes.append(1000000, 'x');
    CHECK(meanwhile([&] { return hand_over(path, {"a@b", "", bytes}); }));
    takes = false;
    CHECK_FALSE(meanwhile([&] { return hand_over(path, {"a\nb\r", "c\n\nd", "\n"}); }));
    CHECK_FALSE(meanwhile([&] { return hand_over(path, {"", "", ""}); }));
    REQUIRE(seen.size() == 3);
    CHECK(seen[0].sender == "a@b");
    CHECK(seen[0].recipient == "");
    CHECK((seen[0].bytes == bytes));
    CHECK(seen[1].sender == "a b ");
    CHECK(seen[1].recipient == "c  d");
    CHECK(seen[1].bytes == "\n");
    CHECK(seen[2].bytes == "");
}

TEST_CASE("a mail is not taken when nobody listens, nor at a path too long for a socket")
{
    const TemporaryDirectory there;
    CHECK_FALSE(hand_over(there.path + "/socket", mail));
    bind_to(there.path + "/left");
    CHECK_FALSE(hand_over(there.path + "/left", mail));
    CHECK_FALSE(hand_over(there.path + "/" + std::string(200, 'x'), mail));
}

TEST_CASE("a mail is not taken when the client ends before its verdict")
{
    const Watchdog watchdog;
    const TemporaryDirectory there;
    const std::string path = there.path + "/socket";
    const Fd client = bind_to(path);
    REQUIRE(listen(client.get(), 1) == 0);
    auto is_taken = std::async(std::launch::async, [&] { return hand_over(path, mail); });
    Fd peer(accept(client.get(), nullptr, nullptr));
    char octet;
    while (read(peer.get(), &octet, 1) == 1) {
    }
    peer.close();
    CHECK_FALSE(is_taken.get());
}

TEST_CASE("only this user reaches the socket, and a client that ends removes it")
{
    const TemporaryDirectory there;
    const std::string path = there.path + "/a/b/socket";
    {
        const Handover handover(path, refuse_all);
        CHECK(fs::is_socket(path));
        CHECK((fs::status(path).permissions() & (fs::perms::group_all | fs::perms::others_all)) ==
              fs::perms::none);
        CHECK(fs::status(there.path + "/a/b").permissions() == fs::perms::owner_all);
    }
    CHECK_FALSE(fs::exists(path));
    CHECK(run_what_waits()); // nothing of it is left in the main loop
}

TEST_CASE("sendmail does not inherit the socket")
{
    const TemporaryDirectory there;
    const Handover handover(there.path + "/socket", refuse_all);
    int listeners = 0;
    for (int fd = 0; fd < 256; ++fd) {
        int is_listener = 0;
        socklen_t size = sizeof is_listener;
        if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &is_listener, &size) == 0 && is_listener) {
            ++listeners;
            CHECK((fcntl(fd, F_GETFD) & FD_CLOEXEC));
        }
    }
    CHECK(listeners >= 1);
}

TEST_CASE("a second client does not start, and the first goes on")
{
    const TemporaryDirectory there;
    const std::string path = there.path + "/socket";
    const Handover handover(path, [](const DeliveredMail&) { return true; });
    CHECK(fault_at(path) == path + ": another snowflake-mail-client is running");
    CHECK(meanwhile([&] { return hand_over(path, mail); }));
}

TEST_CASE("a socket that a killed client left behind is replaced")
{
    const TemporaryDirectory there;
    const std::string path = there.path + "/socket";
    bind_to(path);
    REQUIRE(fs::is_socket(path));
    const Handover handover(path, [](const DeliveredMail&) { return true; });
    CHECK(meanwhile([&] { return hand_over(path, mail); }));
}

TEST_CASE("another client that is stopped, with as many waiting as may, is not replaced")
{
    const Watchdog watchdog;
    const TemporaryDirectory there;
    const std::string path = there.path + "/socket";
    const Fd stopped = bind_to(path);
    REQUIRE(listen(stopped.get(), 0) == 0);
    std::vector<Fd> waiting;
    do {
        waiting.push_back(unix_socket(SOCK_NONBLOCK));
    } while (connect_to(waiting.back().get(), path) && waiting.size() < 10);
    const auto start = Clock::now();
    CHECK(fault_at(path) == path + ": another snowflake-mail-client is running");
    CHECK(Clock::now() - start < 8s);
    CHECK(fs::is_socket(path));
}

TEST_CASE("a path too long for a socket, or where nothing can be made, is a fault that says so")
{
    const TemporaryDirectory there;
    const std::string longest = there.path + "/" + std::string(107 - there.path.size() - 1, 'x');
    CHECK(fault_at(longest) == "");
    CHECK(fault_at(longest + "x") == longest + "x: longer than a socket's path may be");
    CHECK(fault_at("/dev/null/socket").starts_with("/dev/null: "));
    fs::create_directory(there.path + "/socket");
    CHECK(fault_at(there.path + "/socket").starts_with(there.path + "/socket: "));
}

TEST_CASE("a --deliver that is stopped, or is killed, does not hold up the others for long")
{
    const Watchdog watchdog;
    const TemporaryDirectory there;
    const std::string path = there.path + "/socket";
    const Handover handover(path, [](const DeliveredMail& one) { return one.sender == "good"; });
    const Fd stopped = unix_socket();
    REQUIRE(connect_to(stopped.get(), path));
    REQUIRE(send(stopped.get(), "bad\nb\nc", 7, MSG_NOSIGNAL) == 7);
    Fd killed = unix_socket();
    REQUIRE(connect_to(killed.get(), path));
    killed.close();
    const auto start = Clock::now();
    CHECK(meanwhile([&] { return hand_over(path, {"good", "", "mail"}); }));
    CHECK(Clock::now() - start < 8s);
}

TEST_CASE("a mail is not taken when that throws, and the next one is served")
{
    const TemporaryDirectory there;
    const std::string path = there.path + "/socket";
    const Handover handover(path, [](const DeliveredMail& one) -> bool {
        if (one.sender == "good")
            return true;
        throw std::runtime_error("a fault");
    });
    bool is_taken = true;
    const std::string said = said_during([&] {
        is_taken = meanwhile([&] { return hand_over(path, {"bad", "", "mail"}); });
    });
    CHECK(said == "internal error: a fault\n");
    CHECK_FALSE(is_taken);
    CHECK(meanwhile([&] { return hand_over(path, {"good", "", "mail"}); }));
}
