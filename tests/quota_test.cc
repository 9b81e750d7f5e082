#include "quota.hh"

#include "temporary_directory.hh"

#include <doctest/doctest.h>
#include <vector>

using namespace std::chrono_literals;

namespace {

constexpr WallTime now{1795420800s};

// What comes of mails at these times after `now`, one letter each: + is let in.
std::string admitted(const std::vector<std::chrono::nanoseconds>& times,
                     std::chrono::nanoseconds interval, int burst, WallTime arrival = {})
{
    std::string letters;
    for (const auto time : times) {
        const auto next = admit(arrival, now + time, interval, burst);
        letters += next ? '+' : '-';
        arrival = next.value_or(arrival);
    }
    return letters;
}

const auto far = Clock::now() + 1h;

// How many of ten mails are let in.
int admitted_of_ten(const Settings::Quota& settings, const std::vector<std::string>& senders)
{
    const TemporaryDirectory directory;
    const State state(directory.path);
    int count = 0;
    for (std::size_t i = 0; i < 10; ++i)
        count += !Quota(state, settings, senders[i % senders.size()], far).charge();
    return count;
}

} // namespace

TEST_CASE("ITU-T I.371: after a rest a burst is let in at once, later one each interval")
{
    CHECK(admitted({0s, 0s, 0s, 0s}, 10s, 3) == "+++-");
    CHECK(admitted({0s, 0s, 0s, 9s, 10s, 10s, 19s, 20s}, 10s, 3) == "+++-+--+");
    CHECK(admitted({0s, 0s, 0s, 0s, 31s, 31s, 31s, 31s}, 10s, 3) ==
          "+++-+++-"); // a rest refills the burst and no more
    CHECK(admitted({0s, 0s, 10s, 19s, 20s}, 10s, 1) == "+-+-+");
    CHECK(admitted({0s, 15s, 20s}, 10s, 1) == "++-"); // half an interval isn't saved up
}

TEST_CASE("what is refused costs nothing")
{
    CHECK(admitted({0s, 1s, 2s, 3s, 4s, 5s, 6s, 7s, 8s, 9s, 10s}, 10s, 1) == "+---------+");
}

TEST_CASE(
    "an arrival time of long ago is a rest, one that the clock can't have led to is none: it was "
    "set back")
{
    CHECK(admitted({0s, 0s}, 10s, 1, now - 100000h) == "+-");
    CHECK(admitted({0s, 0s}, 10s, 1, now + 24h * 365) == "+-");
    CHECK(admitted({0s, 0s, 0s}, 10s, 2, now + 21s) == "++-");
    CHECK(admitted({0s, 1s, 10s}, 10s, 2, now + 20s) == "--+"); // just what two at once leave
}

TEST_CASE("of many mails at once each quota lets in as many as it says, and 0 is no limit")
{
    CHECK(admitted_of_ten({5, 30, 120}, {"a@example.net"}) == 5);
    CHECK(admitted_of_ten({1, 30, 120}, {"a@example.net"}) == 1);
    CHECK(admitted_of_ten({0, 30, 120}, {"a@example.net"}) == 10);
    CHECK(admitted_of_ten({5, 0, 120}, {"a@example.net"}) == 10);
    CHECK(admitted_of_ten({0, 0, 4}, {"a@example.net"}) == 4);
    CHECK(admitted_of_ten({2, 30, 120}, {"a@example.net", "b@example.net"}) == 4);
    CHECK(admitted_of_ten({2, 30, 3}, {"a@example.net", "b@example.net"}) == 3);
    CHECK(admitted_of_ten({2, 30, 120}, {"a@example.net", "A+b@Example.net"}) == 2);
}

TEST_CASE("the reason tells a sender's quota from the host's")
{
    const TemporaryDirectory directory;
    const State state(directory.path);
    const Settings::Quota settings{1, 30, 2};
    const Quota a(state, settings, "a@example.net", far), b(state, settings, "b@example.net", far),
        c(state, settings, "c@example.net", far);
    CHECK(a.charge() == std::nullopt);
    CHECK(a.charge() == Reason::over_quota);
    CHECK(b.charge() == std::nullopt);
    CHECK(c.charge() == Reason::over_host_quota);
}

TEST_CASE("a help text is one a day, and counts like other replies; a second one costs nothing")
{
    const TemporaryDirectory directory;
    const State state(directory.path);
    const Settings::Quota settings{2, 30, 3};
    const Quota a(state, settings, "a@example.net", far), b(state, settings, "b@example.net", far),
        c(state, settings, "c@example.net", far);
    CHECK(a.charge_help() == std::nullopt);
    for (int i = 0; i < 5; ++i)
        CHECK(a.charge_help() == Reason::no_request);
    CHECK(a.charge() == std::nullopt);
    CHECK(a.charge() == Reason::over_quota);
    CHECK(b.charge() == std::nullopt);
    CHECK(c.charge_help() == Reason::over_host_quota);
}

TEST_CASE("where no state is kept nothing is counted")
{
    const State none;
    const Settings::Quota settings{1, 1, 1};
    const Quota quota(none, settings, "a@example.net", far);
    for (int i = 0; i < 3; ++i) {
        CHECK(quota.charge() == std::nullopt);
        CHECK(quota.charge_help() == std::nullopt);
    }
}
