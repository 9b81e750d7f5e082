#include "client/handover.hh"

#include "../temporary_directory.hh"
#include "client/client_failure.hh"
#include "helpers.hh"

#include <algorithm>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fstream>
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

// what() of the ClientFailure with which a Handover at `path` doesn't start. `while_it_runs` is
// called when it does.
std::string fault_at(
    const std::string& path, const std::function<void()>& while_it_runs = [] {})
{
    try {
        const Handover handover(path, refuse_all);
        while_it_runs();
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

TEST_CASE("a second client does not start and says who is there, and the first goes on")
{
    const Watchdog watchdog;
    const TemporaryDirectory there;
    const std::string path = there.path + "/socket";
    const Handover handover(path, [](const DeliveredMail&) { return true; });
    const std::string fault = path + ": another snowflake-mail-client is running";
    CHECK(fault_at(path) == fault + " (process " + std::to_string(getpid()) + ")");
    CHECK(meanwhile([&] { return hand_over(path, mail); }));
    fs::remove(path); // now nobody finds it, but it runs
    CHECK(fault_at(path) == fault);
}

TEST_CASE("of clients that are started at the same time one starts")
{
    const Watchdog watchdog;
    const TemporaryDirectory there;
    const std::string path = there.path + "/socket";
    bind_to(path); // each of them finds the socket of one that was killed
    std::promise<void> start, end;
    const std::shared_future<void> started = start.get_future(), ended = end.get_future();
    std::vector<std::future<std::string>> faults;
    for (int i = 0; i < 8; ++i)
        faults.push_back(std::async(std::launch::async, [&] {
            started.wait();
            return fault_at(path, [&] { ended.wait(); });
        }));
    start.set_value();
    const auto count_refused = [&] {
        return std::count_if(faults.begin(), faults.end(), [](const auto& fault) {
            return fault.wait_for(0s) == std::future_status::ready;
        });
    };
    CHECK(iterate_until([&] { return count_refused() == 7; }));
    CHECK(fs::is_socket(path));
    end.set_value();
    CHECK(std::count_if(faults.begin(), faults.end(),
                        [](auto& fault) { return fault.get().empty(); }) == 1);
}

TEST_CASE("a socket that a killed client left behind is replaced, and one that ends takes its own")
{
    const TemporaryDirectory there;
    const std::string path = there.path + "/socket";
    bind_to(path);
    REQUIRE(fs::is_socket(path));
    {
        const Handover handover(path, [](const DeliveredMail&) { return true; });
        CHECK(meanwhile([&] { return hand_over(path, mail); }));
    }
    CHECK_FALSE(fs::exists(path));
    {
        const Handover handover(path, refuse_all);
        fs::remove(path);
        std::ofstream(path) << "of somebody else";
    }
    CHECK(fs::file_size(path) == 16);
}

TEST_CASE(
    "nothing of others is removed: a file, a link, a FIFO, a directory, a socket that is used")
{
    const Watchdog watchdog;
    const TemporaryDirectory there;
    const std::string path = there.path + "/socket", other = there.path + "/other";
    const std::string fault = path + ": something else is there; --socket may name another place";
    std::ofstream(path) << "letter";
    CHECK(fault_at(path) == fault);
    CHECK(fs::file_size(path) == 6);
    fs::rename(path, other);
    fs::create_symlink(other, path);
    CHECK(fault_at(path) == fault);
    CHECK(fs::is_symlink(path));
    fs::remove(path);
    REQUIRE(mkfifo(path.c_str(), 0600) == 0);
    CHECK(fault_at(path) == fault);
    CHECK(fs::is_fifo(path));
    fs::remove(path);
    fs::create_directory(path);
    CHECK(fault_at(path) == fault);
    fs::remove(path);
    const Fd datagrams(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const auto address = address_of(path);
    REQUIRE(bind(datagrams.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
            0);
    CHECK(fault_at(path) == fault);
    CHECK(fs::is_socket(path));
    CHECK(fs::file_size(other) == 6);
}

TEST_CASE(
    "another program that listens there, stopped, with as many waiting as may, is not replaced")
{
    const Watchdog watchdog;
    const TemporaryDirectory there;
    const std::string path = there.path + "/socket";
    const Fd stopped = bind_to(path);
    REQUIRE(listen(stopped.get(), 0) == 0);
    const std::string fault = path + ": another program listens there";
    CHECK(fault_at(path) == fault + " (process " + std::to_string(getpid()) + ")");
    std::vector<Fd> waiting;
    do {
        waiting.push_back(unix_socket(SOCK_NONBLOCK));
    } while (connect_to(waiting.back().get(), path) && waiting.size() < 10);
    const auto start = Clock::now();
    CHECK(fault_at(path).starts_with(fault));
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
    fs::create_directory(there.path + "/socket.lock");
    CHECK(fault_at(there.path + "/socket").starts_with(there.path + "/socket.lock: "));
    fs::remove(there.path + "/socket.lock");
    fs::create_symlink("/nowhere", there.path + "/socket.lock");
    CHECK(fault_at(there.path + "/socket").starts_with(there.path + "/socket.lock: "));
}

TEST_CASE("a --deliver that is stopped, or is killed, holds up no other")
{
    const Watchdog watchdog;
    const TemporaryDirectory there;
    const std::string path = there.path + "/socket";
    unsigned asked = 0;
    const Handover handover(path, [&](const DeliveredMail& one) {
        ++asked;
        return one.sender == "good";
    });
    std::vector<Fd> stopped;
    for (int i = 0; i < 20; ++i) { // more than it keeps
        stopped.push_back(unix_socket());
        REQUIRE(connect_to(stopped.back().get(), path));
        REQUIRE(send(stopped.back().get(), "bad\nb\nc", 7, MSG_NOSIGNAL) == 7);
        REQUIRE(run_what_waits());
    }
    Fd killed = unix_socket();
    REQUIRE(connect_to(killed.get(), path));
    killed.close();
    const auto start = Clock::now();
    CHECK(meanwhile([&] { return hand_over(path, {"good", "", "mail"}); }));
    CHECK(Clock::now() - start < 4s);
    CHECK(asked == 1);
    const auto count_open = [&] {
        return std::count_if(stopped.begin(), stopped.end(), [](const Fd& one) {
            char octet; // none of them has a verdict
            return recv(one.get(), &octet, 1, MSG_DONTWAIT) != 0;
        });
    };
    CHECK(count_open() <= 8);
    CHECK(iterate_until([&] { return count_open() == 0; }));
    CHECK(asked == 1);
}

TEST_CASE("a mail larger than an answer is not taken, and nothing of it is kept")
{
    const Watchdog watchdog;
    const TemporaryDirectory there;
    const std::string path = there.path + "/socket";
    std::size_t taken = 0;
    const Handover handover(path, [&](const DeliveredMail& one) {
        taken = one.bytes.size();
        return true;
    });
    const std::string largest(largest_answer_mail, 'x'), endless(largest_answer_mail + 5000, 'x');
    CHECK(meanwhile([&] { return hand_over(path, {"", "", largest}); }));
    CHECK(taken == largest.size());
    CHECK_FALSE(meanwhile([&] { return hand_over(path, {"", "", endless}); }));
    CHECK(taken == largest.size());
    CHECK(meanwhile([&] { return hand_over(path, mail); }));
}

TEST_CASE("a client that is stopped, or drips, is waited for a while and no longer")
{
    const Watchdog watchdog;
    const TemporaryDirectory there;
    const std::string path = there.path + "/socket";
    const Fd client = bind_to(path);
    REQUIRE(listen(client.get(), 1) == 0);
    const auto start = Clock::now();
    CHECK_FALSE(hand_over(path, {"", "", std::string(1000000, 'x')}, 1s));
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
