#pragma once
#include "reason.hh"

#include <chrono>
#include <string>

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

// Where write_log() writes from now on: "syslog" (LOG_MAIL), as without this call, or the name of a
// file to append to. Throws Failure(Reason::log).
void open_log(const std::string& target);

// One line, at once and in one write, since many instances share a file. A full disk loses the
// line, not the mail.
void write_log(const LogEntry& entry);
