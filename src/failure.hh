#pragma once
#include <stdexcept>
#include <string>

// The two exit statuses that every mail system understands alike (see EXIT STATUS in
// snowflake-mail(8)).
enum ExitStatus {
    exit_done = 0,        // answered or ignored: the mail is dealt with
    exit_try_again = 75,  // EX_TEMPFAIL: a fault of this host, the mail system keeps the mail
    exit_check_failed = 1 // --check, --help and --version only
};

// A fault of this host. `reason` is its word in the log line, `what()` one line for stderr, without
// anything about a person.
struct Failure : std::runtime_error {
    Failure(const char* reason_, const std::string& line)
        : std::runtime_error(line), reason(reason_)
    {
    }
    const char* reason;
};

// To be called first: signals that would end the process otherwise are errors of the call, or exit
// 75.
void prepare_signals();
