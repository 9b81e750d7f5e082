#pragma once
#include "deadline.hh"

#include <string>

// Hands a mail to the local sendmail: PROGRAM -i -f RETURN-PATH -- RECIPIENT, no shell. An empty return path is the null one. Throws
// Failure("sendmail") when it can't be started, doesn't exit with 0, or isn't done at `until` (it is killed then).
void send_mail(const std::string& program, const std::string& return_path, const std::string& recipient, const std::string& mail,
               Clock::time_point until);
