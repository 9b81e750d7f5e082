#pragma once
#include "poll.hh"

#include <chrono>
#include <string>

// The mail that asks the service. It is a person's mail: its header says nothing of automation. The
// request is in base64, in lines of 76 characters, which mail programs seldom
// damage. The Message-ID holds the tag. An empty `from` is left to sendmail.
std::string write_request_mail(const PollRequest& request, const std::string& from,
                               const std::string& to, const std::string& tag,
                               std::chrono::system_clock::time_point now);

// The address that the reply is to come to. With a delimiter, say "+", it is user+TAG@...
std::string return_path_of(const std::string& from, const std::string& delimiter,
                           const std::string& tag);
