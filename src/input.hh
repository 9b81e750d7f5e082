#pragma once
#include "deadline.hh"

#include <cstddef>
#include <optional>
#include <string>

// Reads to the end of file, always: OpenSMTPD takes exit 0 with unread input for a failed delivery.
// None for more than `max_size` bytes. Throws Failure(Reason::input) when the end has not come at
// `until`.
std::optional<std::string> read_input(int fd, std::size_t max_size, Clock::time_point until);

// Reads and forgets what is left, for a few seconds at most; nothing from a terminal.
void drain_input(int fd) noexcept;
