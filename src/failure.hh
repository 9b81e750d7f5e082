#pragma once
#include "reason.hh"

#include <stdexcept>
#include <string>

// The exit statuses; 0 and 75 are the two that every mail system understands alike (see EXIT STATUS
// in snowflake-mail(8)).
enum ExitStatus {
    exit_done = 0,        // answered or ignored: the mail is dealt with
    exit_try_again = 75,  // EX_TEMPFAIL: a fault of this host, the mail system keeps the mail
    exit_check_failed = 1 // --check, --report, the key's commands, --help, --version
};

// A fault of this host. what() is one line for stderr, and says nothing about a person.
struct Failure : std::runtime_error {
    Failure(Reason reason_, const std::string& line) : std::runtime_error(line), reason(reason_) {}
    Reason reason;
};
