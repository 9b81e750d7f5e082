#include "client/client_failure.hh"
#include "client/main_loop.hh"
#include "helpers.hh"

#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <new>
#include <stdexcept>
#include <thread>
#include <unistd.h>

TEST_CASE("no exception gets out, and each is said")
{
    bool is_done = true;
    CHECK(said_during([&] { is_done = run_catching([] {}); }) == "");
    CHECK(is_done);
    CHECK(said_during([&] {
              is_done = run_catching([] { throw std::runtime_error("a fault"); });
          }) == "internal error: a fault\n");
    CHECK_FALSE(is_done);
    CHECK(said_during([&] { is_done = run_catching([] { throw std::bad_alloc(); }); }) ==
          "internal error: std::bad_alloc\n");
    CHECK_FALSE(is_done);
    CHECK(said_during([&] { is_done = run_catching([] { throw 1; }); }) ==
          "internal error: unknown\n");
    CHECK_FALSE(is_done);
}

TEST_CASE("work of another thread is called in the main loop's thread, once")
{
    std::thread::id called_in;
    int calls = 0;
    std::thread([&] {
        call_later([&] {
            called_in = std::this_thread::get_id();
            ++calls;
        });
    }).join();
    CHECK(calls == 0);
    REQUIRE(run_what_waits());
    REQUIRE(run_what_waits());
    CHECK(calls == 1);
    CHECK(called_in == std::this_thread::get_id());
}

TEST_CASE("work that throws is over, and the work behind it is called")
{
    int calls = 0;
    const std::string said = said_during([&] {
        call_later([&] {
            ++calls;
            throw std::runtime_error("a fault");
        });
        call_later([&] { ++calls; });
        run_what_waits();
        run_what_waits();
    });
    CHECK(said == "internal error: a fault\n");
    CHECK(calls == 2);
}

TEST_CASE("a fault of the client ends the main loop, which throws it, also from another thread")
{
    const Watchdog watchdog;
    const auto fail = [] { throw ClientFailure("deaf"); };
    call_later(fail);
    CHECK_THROWS_WITH_AS(run_main_loop(), "deaf", ClientFailure);
    std::thread([&] { run_catching(fail); }).join(); // before it runs
    CHECK_THROWS_WITH_AS(run_main_loop(), "deaf", ClientFailure);
    std::thread later;
    call_later([&] { later = std::thread([&] { run_catching(fail); }); });
    CHECK_THROWS_WITH_AS(run_main_loop(), "deaf", ClientFailure);
    later.join();
    CHECK(run_what_waits());
}

TEST_CASE("a signal to end ends the main loop, without a fault")
{
    const Watchdog watchdog;
    for (const int signal : {SIGTERM, SIGINT}) {
        call_later([=] { raise(signal); });
        CHECK_NOTHROW(run_main_loop());
    }
}

TEST_CASE("a descriptor is watched as long as its source is kept, and a callback may let go of it")
{
    int ends[2];
    REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
    const Fd reader(ends[0]);
    Fd writer(ends[1]);
    int calls = 0;
    Source source = when_readable(reader.get(), [&] {
        if (++calls == 3)
            source.reset();
    });
    REQUIRE(run_what_waits());
    CHECK(calls == 0);
    writer.close(); // a peer that hangs up can be read: that is its end
    CHECK(iterate_until([&] { return calls == 3; }));
    REQUIRE(run_what_waits());
    CHECK(calls == 3);
}

TEST_CASE("what was to come later does not when its source is let go of")
{
    bool is_called = false, is_late = false;
    Source first = after(std::chrono::milliseconds(0), [&] { is_called = true; });
    Source second = after(std::chrono::milliseconds(0), [&] { is_late = true; });
    first.reset();
    CHECK(iterate_until([&] { return is_late; }));
    second.reset();
    CHECK_FALSE(is_called);
}

TEST_CASE("work with a delay is called after it")
{
    using namespace std::chrono_literals;
    bool is_called = false;
    const auto start = Clock::now();
    call_later([&] { is_called = true; }, 1s);
    REQUIRE(run_what_waits());
    CHECK_FALSE(is_called);
    CHECK(iterate_until([&] { return is_called; }));
    CHECK(Clock::now() - start >= 700ms); // GLib rounds, to share wake-ups
}
