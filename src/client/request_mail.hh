#pragma once
#include "poll.hh"

#include <chrono>
#include <string>

// The request as it is mailed, on one line in base64. `port` is where the link in the reply shall
// lead, 0 for no link (snowflake-mail-requests(7)).
std::string encode_request(const PollRequest& request, unsigned port);

// The same in raw deflate, which is about half as long.
std::string encode_request_shortly(const PollRequest& request, unsigned port);

// The mail that asks the service. It is a person's mail: its header says nothing of automation. The
// request is in base64, in lines of 76 characters, which mail programs seldom
// damage. The Message-ID holds the tag. An empty `from` is left to sendmail.
std::string write_request_mail(const PollRequest& request, const std::string& from,
                               const std::string& to, const std::string& tag, unsigned port,
                               std::chrono::system_clock::time_point now);

// The same as short as may be, to go inside of an encrypted text: it asks for no link.
std::string write_short_request_mail(const PollRequest& request, const std::string& from,
                                     const std::string& tag);

// The address that the reply is to come to. With a delimiter, say "+", it is user+TAG@...
std::string return_path_of(const std::string& from, const std::string& delimiter,
                           const std::string& tag);
