#pragma once
#include "handle.hh"

#include <chrono>
#include <functional>

// Deals with the exception that is being handled: a ClientFailure ends the main loop, any other is
// said.
void settle_exception() noexcept;

// Runs `work` and lets no exception out. Each call from a C library and each thread comes through
// here: an exception must not pass through C, and one that leaves a thread ends the process. False:
// something was thrown, and `work` is not done.
template <class Work> bool run_catching(const Work& work) noexcept
{
    try {
        work();
        return true;
    } catch (...) {
        settle_exception();
        return false;
    }
}

// Runs GLib's main loop until SIGINT, SIGTERM or SIGHUP. Throws the ClientFailure that ended it.
void run_main_loop();

// Has `work` called by GLib's main loop, after `delay`. Any thread may call this.
void call_later(std::function<void()> work, std::chrono::seconds delay = {});

void remove_source(GSource* source);

// What the main loop waits for, as long as this is kept. A callback may let go of its own.
using Source = Handle<GSource, remove_source>;

// `work` is called whenever the descriptor can be read or its peer has hung up.
Source when_readable(int fd, std::function<void()> work);

// `work` is called once.
Source after(std::chrono::milliseconds delay, std::function<void()> work);
