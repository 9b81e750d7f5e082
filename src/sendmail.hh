#pragma once
#include "deadline.hh"
#include "failure.hh"

#include <string>

// sendmail failed, and has surely not sent the mail.
struct NotSent : Failure {
    using Failure::Failure;
};

// Hands a mail to the local sendmail, without a shell: PROGRAM -i -f RETURN-PATH -- RECIPIENT. An
// empty return path is the null one. Throws NotSent when sendmail can't be started or doesn't exit
// with 0; std::bad_alloc when it has surely not sent the mail; Failure(Reason::sendmail) when a
// signal ends it, or when it is not done at `until` and so is killed.
void send_mail(const std::string& program, const std::string& return_path,
               const std::string& recipient, const std::string& mail, Clock::time_point until);

// The same for a person's own mail. With an empty return path sendmail chooses it. Where sendmail
// doesn't exit with 0, `words` gets what it said: it may name addresses, and hold any octets.
void submit_mail(const std::string& program, const std::string& return_path,
                 const std::string& recipient, const std::string& mail, Clock::time_point until,
                 std::string& words);
