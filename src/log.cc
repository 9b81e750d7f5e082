#include "log.hh"

#include "failure.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
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

std::string line_with(std::string_view outcome, std::string_view reason, const LogEntry& entry)
{
    std::ostringstream line;
    line << "outcome=" << outcome << " reason=" << reason << " attempts=" << entry.attempts
         << " unknown_fields=" << entry.unknown_fields << " read_ms=" << entry.read.count()
         << " broker_ms=" << entry.broker.count() << " sendmail_ms=" << entry.sendmail.count()
         << " total_ms=" << entry.total.count();
    return line.str();
}

// Takes " name=value" from the front, the first one without its blank. "": it isn't there.
std::string_view take_value(std::string_view& line, std::string_view name)
{
    line.remove_prefix(line.starts_with(' ') ? 1 : 0);
    if (!line.starts_with(name) || !line.substr(name.size()).starts_with('='))
        return "";
    line.remove_prefix(name.size() + 1);
    const std::string_view value = line.substr(0, line.find(' '));
    line.remove_prefix(value.size());
    return value;
}

// -1: it is none.
int take_number(std::string_view& line, std::string_view name)
{
    const std::string_view value = take_value(line, name);
    int number = -1;
    std::from_chars(value.data(), value.data() + value.size(), number);
    return number;
}

bool may_be_reason(std::string_view word)
{
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz-";
    return !word.empty() && word.size() <= 40 &&
           word.find_first_not_of(letters) == std::string_view::npos;
}

} // namespace

std::string log_line(const LogEntry& entry)
{
    return line_with(word_of(outcome_of(entry.reason)), word_of(entry.reason), entry);
}

std::optional<LoggedMail> parse_log_line(std::string_view line)
{
    using Milliseconds = std::chrono::milliseconds;
    std::string_view rest = line;
    const std::string_view outcome = take_value(rest, "outcome"), word = take_value(rest, "reason");
    LoggedMail mail;
    LogEntry& entry = mail.entry;
    entry.attempts = take_number(rest, "attempts");
    entry.unknown_fields = take_number(rest, "unknown_fields");
    entry.read = Milliseconds(take_number(rest, "read_ms"));
    entry.broker = Milliseconds(take_number(rest, "broker_ms"));
    entry.sendmail = Milliseconds(take_number(rest, "sendmail_ms"));
    entry.total = Milliseconds(take_number(rest, "total_ms"));
    if (std::min(entry.attempts, entry.unknown_fields) < 0 ||
        std::min({entry.read, entry.broker, entry.sendmail, entry.total}).count() < 0 ||
        !may_be_reason(word) || line_with(outcome, word, entry) != line)
        return std::nullopt;
    for (const ReasonRow& row : reason_table)
        if (row.word == word) {
            entry.reason = row.reason;
            mail.has_known_reason = true;
        }
    for (const Outcome known : {Outcome::answered, Outcome::ignored, Outcome::deferred})
        if (word_of(known) == outcome &&
            (!mail.has_known_reason || known == outcome_of(entry.reason))) {
            mail.outcome = known;
            return mail;
        }
    return std::nullopt;
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
