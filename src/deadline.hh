#pragma once
#include <chrono>

using Clock = std::chrono::steady_clock;

// Starts the time limit of the whole run and returns its end. Everything that waits is given a
// point in time up to there; should something not come back all the same, the process ends itself
// with exit 75 a second later (a mail system's own limit may bounce the mail).
Clock::time_point start_deadline(std::chrono::seconds limit);

// From here on the reply is out: whatever still hangs, the mail must not come again. The process
// then ends itself with exit 0.
void settle_deadline();

// Never negative.
std::chrono::milliseconds time_left(Clock::time_point until);

std::chrono::milliseconds time_since(Clock::time_point start);

// Waits for events on one descriptor, as poll(2); false when the time is over. Throws
// Failure(Reason::internal).
bool wait_for(int fd, short events, Clock::time_point until);
