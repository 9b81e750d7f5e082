#include "log.hh"

#include "failure.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <poll.h>
#include <sstream>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

namespace {

int log_file = -1; // -1: syslog; stays open until the process ends

} // namespace

std::string log_line(const LogEntry& entry)
{
    std::ostringstream line;
    line << "outcome=" << word_of(outcome_of(entry.reason)) << " reason=" << word_of(entry.reason)
         << " attempts=" << entry.attempts << " unknown_fields=" << entry.unknown_fields
         << " read_ms=" << entry.read.count() << " broker_ms=" << entry.broker.count()
         << " sendmail_ms=" << entry.sendmail.count() << " total_ms=" << entry.total.count();
    return line.str();
}

void open_log(const std::string& target)
{
    if (target == "syslog")
        return;
    // O_NONBLOCK: neither opening a FIFO nor writing to a terminal may wait.
    log_file =
        open(target.c_str(),
             O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0640);
    struct stat status;
    if (log_file < 0 || fstat(log_file, &status) != 0)
        throw Failure(Reason::log, "[log] target: " + target + ": " + std::strerror(errno));
    if (!S_ISREG(status.st_mode) && !S_ISCHR(status.st_mode))
        throw Failure(Reason::log, "[log] target: " + target + ": neither a file nor a device");
}

void write_log(const LogEntry& entry) noexcept
try {
    const std::string line = log_line(entry);
    if (log_file < 0) {
        openlog("snowflake-mail", LOG_PID, LOG_MAIL);
        syslog(LOG_INFO, "%s", line.c_str());
        return;
    }
    char time[32];
    const std::time_t now = std::time(nullptr);
    std::tm parts;
    std::strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &parts));
    const std::string whole =
        std::string(time) + " snowflake-mail[" + std::to_string(getpid()) + "]: " + line + "\n";
    [[maybe_unused]] const auto written = write(log_file, whole.data(), whole.size());
} catch (const std::exception&) {
    // The mail is dealt with.
}

void complain(std::string_view line) noexcept
{
    // No more than a pipe takes at once (PIPE_BUF), so that what has room is written without
    // waiting.
    constexpr std::string_view name = "snowflake-mail: ";
    std::array<char, 512> text;
    auto end = std::copy(name.begin(), name.end(), text.begin());
    end = std::copy_n(line.begin(), std::min(line.size(), text.size() - name.size() - 1), end);
    *end++ = '\n';
    pollfd waited{STDERR_FILENO, POLLOUT, 0};
    if (poll(&waited, 1, 200) > 0) {
        [[maybe_unused]] const auto written =
            write(STDERR_FILENO, text.data(), static_cast<std::size_t>(end - text.begin()));
    }
}
