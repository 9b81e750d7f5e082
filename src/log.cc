#include "log.hh"

#include "failure.hh"

#include <cerrno>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <sstream>
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
    log_file = open(target.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (log_file < 0)
        throw Failure(Reason::log, "[log] target: " + target + ": " + std::strerror(errno));
}

void write_log(const LogEntry& entry)
{
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
}
