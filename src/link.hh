#pragma once
#include "poll.hh"

#include <optional>
#include <string>
#include <string_view>

// A link that hands an answer to the person's client, or to the service's page, with one click:
// BASE#TAG.DATA. snowflake-mail-requests(7) has the format.

// TAG: says which offer the answer belongs to, and only who has the offer can tell it. 22
// characters; "" where the session description has no a=ice-ufrag: or a=ice-pwd: line.
std::string link_tag(std::string_view sdp);

// DATA of a poll response, as it came.
std::string link_data(std::string_view json);

// The poll response in DATA, octet for octet; none: it isn't base64url of a whole raw deflate
// stream and of nothing else, it holds more than 100,000 octets, or no poll response.
std::optional<std::string> read_link_data(std::string_view data);

// The link that the request asks for. `page` is the page of the settings, "" for none. None where
// it asks for none, or for a page where there is none; where its offer has no tag; and where the
// link would be longer than 2,000 characters.
std::optional<std::string> make_link(const PollRequest& request, const std::string& page,
                                     std::string_view json);
