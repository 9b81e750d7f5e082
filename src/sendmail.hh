#pragma once
#include "deadline.hh"
#include "failure.hh"

#include <string>

// The mail surely is not on its way.
struct NotSent : Failure {
    using Failure::Failure;
};

// Hands a mail to the local sendmail: PROGRAM -i -f RETURN-PATH -- RECIPIENT, no shell. An empty
// return path is the null one. Throws NotSent when it can't be started or doesn't exit with 0;
// Failure(Reason::sendmail) when a signal ends it, or it isn't done at `until` (it is killed then).
void send_mail(const std::string& program, const std::string& return_path,
               const std::string& recipient, const std::string& mail, Clock::time_point until);

// The same for a person's own mail: an empty return path is left to sendmail.
void submit_mail(const std::string& program, const std::string& return_path,
                 const std::string& recipient, const std::string& mail, Clock::time_point until);
