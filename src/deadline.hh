#pragma once
#include <chrono>

using Clock = std::chrono::steady_clock;

// Starts the time limit of the whole run, and returns its end. All that waits is given a point in
// time before it. If something hangs all the same, the process ends itself a second later with exit
// status 75; the mail system's own limit might bounce the mail. Called again it gives another
// limit, which counts from the first call.
Clock::time_point start_deadline(std::chrono::seconds limit);

// From here on the reply is out, and the mail must not come again: a process that hangs ends itself
// with exit status 0.
void settle_deadline();

// Never negative.
std::chrono::milliseconds time_left(Clock::time_point until);

std::chrono::milliseconds time_since(Clock::time_point start);

// Waits for events on one descriptor, as poll(2). False: the time is over. Throws
// Failure(Reason::internal).
bool wait_for(int fd, short events, Clock::time_point until);
