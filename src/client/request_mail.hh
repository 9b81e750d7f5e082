#pragma once
#include "poll.hh"

#include <chrono>
#include <string>

// The mail that asks the service, from a person: nothing automatic in its header. The request is in
// base64, in lines of 76: no mail program wraps, quotes or beautifies that. `from` may be empty:
// then sendmail fills it in. The Message-ID holds the tag.
std::string write_request_mail(const PollRequest& request, const std::string& from,
                               const std::string& to, const std::string& tag,
                               std::chrono::system_clock::time_point now);

// Where the reply is to come to: user+TAG@... where a delimiter is given.
std::string return_path_of(const std::string& from, const std::string& delimiter,
                           const std::string& tag);
