#include "client/main_loop.hh"
#include "helpers.hh"

#include <doctest/doctest.h>
#include <new>
#include <stdexcept>
#include <thread>

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
