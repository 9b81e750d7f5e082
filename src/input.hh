#pragma once
#include "deadline.hh"

#include <cstddef>
#include <optional>
#include <string>

// Reads to the end of file, also of a mail that is too large: OpenSMTPD takes unread input for a
// failed delivery. None: more than `max_size` bytes. Throws Failure(Reason::input) when the end has
// not come at `until`.
std::optional<std::string> read_input(int fd, std::size_t max_size, Clock::time_point until);

// Reads the rest and forgets it, for five seconds at most. From a terminal it reads nothing.
void drain_input(int fd) noexcept;
