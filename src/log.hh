#pragma once
#include "reason.hh"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

// What the log says of one mail: nothing about the person who wrote it.
struct LogEntry {
    Reason reason = Reason::internal;
    int attempts = 0;       // of asking the broker
    int unknown_fields = 0; // of the request, as PollRequest counts them
    std::chrono::milliseconds read{}, broker{}, sendmail{}, total{};
};

// "outcome=answered reason=answer attempts=1 unknown_fields=0 read_ms=0 broker_ms=5 sendmail_ms=12
// total_ms=20"
std::string log_line(const LogEntry& entry);

// What a line of the log tells. A newer version, which knows more reasons, may have written it.
struct LoggedMail {
    Outcome outcome = Outcome::deferred;
    LogEntry entry;                // its reason counts only with has_known_reason
    bool has_known_reason = false; // to this version
};

// None: it is not exactly as log_line() writes it.
std::optional<LoggedMail> parse_log_line(std::string_view line);

// Where write_log() writes from now on: "syslog" (LOG_MAIL), as without this call, or the name of a
// file or device to append to, on which a write never waits. Throws Failure(Reason::log).
void open_log(const std::string& target);

// One line, at once and in one write, since many instances share a file. A full disk, a limit of
// file sizes or a lack of memory loses the line and not the mail.
void write_log(const LogEntry& entry) noexcept;

// Writes one line to stderr for the administrator. It is lost if nobody reads stderr: this waits
// for 0.2 s at most. Allocates nothing, and may be called in a signal handler.
void complain(std::string_view line) noexcept;
