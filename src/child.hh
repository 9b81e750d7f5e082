#pragma once
#include "deadline.hh"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

struct ChildLimits {
    std::size_t memory;            // octets of address space
    std::chrono::milliseconds cpu; // that it may compute
    std::size_t output;            // octets
};

struct ChildResult {
    enum class End {
        done,       // its output is whole
        over_limit, // it used up its memory, its time on the processor, or its output
        crashed,    // a signal of its own ended it, or it ended with a status that is not ours
        host_fault  // this host has no memory or descriptors for it, or killed it
    };
    End end;
    std::string output;
};

// Runs `work` in a forked child that can do nothing but compute (confine()), and returns what it
// made. The child has no descriptors but that of its output, and its memory is a copy: nothing that
// `work` does stays. It ends with this process. A build with sanitizers has neither confinement nor
// a limit on memory, since these don't work under them. This process does `meanwhile` while the
// child works, if there is one. Throws Failure(Reason::internal) when there can be no child, or
// when it isn't done at `until`; and what `meanwhile` throws.
ChildResult run_child(const std::function<std::string()>& work, const ChildLimits& limits,
                      Clock::time_point until, const std::function<void()>& meanwhile = nullptr);
