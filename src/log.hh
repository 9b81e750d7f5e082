#pragma once
#include <chrono>
#include <string>

// What is said of one mail: nothing about the person who wrote it.
struct LogEntry {
    const char* outcome; // "answered", "ignored" or "deferred"
    const char* reason;
    int attempts = 0; // of asking the broker
    std::chrono::milliseconds read{}, broker{}, sendmail{}, total{};
};

// "outcome=answered reason=answer attempts=1 read_ms=0 broker_ms=5 sendmail_ms=12 total_ms=20"
std::string log_line(const LogEntry& entry);

// Where lines go from now on: "syslog" (LOG_MAIL), where they go anyway, or a file to append to.
// Throws Failure("log").
void open_log(const std::string& target);

// One line, at once, in one write: many instances share a file. A full disk loses the line, not the
// mail.
void write_log(const LogEntry& entry);
