#pragma once
#include <chrono>
#include <exception>
#include <functional>

// Says on stdout that something unforeseen was thrown.
void say_exception(const char* what) noexcept;

// Runs `work` and lets no exception out. An exception must not pass through a C library that calls
// us, and one that leaves a thread ends the process. Says what was thrown, and returns false then.
template <class Work> bool run_catching(const Work& work) noexcept
{
    try {
        work();
        return true;
    } catch (const std::exception& exception) {
        say_exception(exception.what());
    } catch (...) {
        say_exception("unknown");
    }
    return false;
}

// Has `work` called by GLib's main loop, after `delay`. Any thread may call this. What `work`
// throws is said and goes no further.
void call_later(std::function<void()> work, std::chrono::seconds delay = {});
