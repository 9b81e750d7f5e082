#include "helpers.hh"
#include "input.hh"

#include <array>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <future>
#include <unistd.h>
#include <vector>

using namespace std::chrono_literals;

namespace {

// A mail system at the other end of a pipe, which sends a piece every 10 ms.
struct Sender {
    explicit Sender(std::vector<std::string> pieces, bool then_stays = false)
    {
        REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
        all_sent = std::async(std::launch::async, [fd = ends[1], pieces, then_stays] {
            bool ok = true;
            for (const std::string& piece : pieces) {
                ok = ok &&
                     write(fd, piece.data(), piece.size()) == static_cast<ssize_t>(piece.size());
                std::this_thread::sleep_for(10ms);
            }
            return (then_stays || close(fd) == 0) && ok;
        });
    }
    int fd() const { return ends[0]; } // closed when the tests end
    std::array<int, 2> ends;
    std::future<bool> all_sent;
};

Clock::time_point soon() { return Clock::now() + 5s; }

} // namespace

TEST_CASE("a mail is read to its end, every byte, in however many pieces it comes")
{
    const std::string large =
        std::string("\0\r\n\xff", 4) + std::string(300000, 'x'); // more than a pipe holds
    CHECK(read_input(Sender({"a", large, "\n"}).fd(), 1000000, soon()) == "a" + large + "\n");
    CHECK(read_input(Sender({}).fd(), 10, soon()) == "");
    CHECK(read_input(Sender({"0123456789"}).fd(), 10, soon()) == "0123456789");
}

TEST_CASE(
    "OpenSMTPD takes unread input for a failed delivery: a mail that is too large or kept is read "
    "to its end")
{
    Sender large({"0123456789", std::string(300000, 'x')}), kept({std::string(300000, 'x')});
    CHECK_FALSE(read_input(large.fd(), 300009, soon()));
    CHECK(large.all_sent.get());
    drain_input(kept.fd());
    CHECK(kept.all_sent.get());
}

TEST_CASE("input that stalls, drips, never ends or can't be read is given up")
{
    const Sender stalled({"half a mail"}, true), dripping(std::vector<std::string>(40, "x"), true);
    for (const int fd : {stalled.fd(), dripping.fd()}) {
        const auto start = Clock::now();
        CHECK(failure_of([&] { read_input(fd, 100, start + 60ms); }) ==
              "input: the mail did not arrive in time");
        CHECK(Clock::now() - start >= 60ms);
        CHECK(Clock::now() - start < 300ms);
    }
    const int endless = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    CHECK(failure_of([&] { read_input(endless, 100, Clock::now() + 60ms); }) ==
          "input: the mail did not arrive in time");
    close(endless);
    const int directory = open("/", O_RDONLY | O_CLOEXEC);
    CHECK(failure_of([&] { read_input(directory, 100, soon()); }) ==
          "input: the mail can't be read");
    drain_input(directory); // noexcept
    close(directory);
}
