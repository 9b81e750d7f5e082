#include "input.hh"

#include "failure.hh"

#include <array>
#include <cerrno>
#include <poll.h>
#include <unistd.h>

std::optional<std::string> read_input(int fd, std::size_t max_size, Clock::time_point until)
{
    std::string mail;
    bool too_large = false;
    std::array<char, 65536> buffer;
    for (;;) {
        // Some input is always ready and never ends.
        if (time_left(until).count() == 0 || !wait_for(fd, POLLIN, until))
            throw Failure(Reason::input, "the mail did not arrive in time");
        const ssize_t count = read(fd, buffer.data(), buffer.size());
        if (count < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (count < 0)
            throw Failure(Reason::input, "the mail can't be read");
        if (count == 0)
            break;
        too_large = too_large || mail.size() + static_cast<std::size_t>(count) > max_size;
        if (!too_large)
            mail.append(buffer.data(), static_cast<std::size_t>(count));
    }
    if (too_large)
        return std::nullopt;
    return mail;
}

void drain_input(int fd) noexcept
try {
    if (!isatty(fd))
        read_input(fd, 0, Clock::now() + std::chrono::seconds(5));
} catch (const std::exception&) {
    // The mail system keeps the mail in any case.
}
