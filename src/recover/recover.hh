#pragma once
#include "poll.hh"
#include "text.hh"

#include <variant>
#include <vector>

// Nothing in the texts looks like a poll request.
struct NoRequest {};

// Why the request that is there can't go to the broker.
enum class Defect {
    truncated,          // its end is missing
    altered,            // it was damaged on its way, and what it was isn't certain
    malformed,          // it arrived whole, and no broker takes it
    more_than_data,     // it is for sound or pictures too, and Snowflake has data channels only
    unsupported_version // it is of another message version than 1.0
};

using Recovery = std::variant<NoRequest, Defect, PollRequest>;

// Nothing in the texts looks like a poll response.
struct NoResponse {};

using RecoveredResponse = std::variant<NoResponse, Defect, PollResponse>;

// The poll request in a mail: one the person wrote before one that is quoted or forwarded, that
// before one in an attached mail; among these the first text in the given order. Bounded in time
// and memory whatever the texts are.
Recovery recover_request(const std::vector<Text>& texts);

// The poll response in a mail, in the same way: the one that was sent, or none.
RecoveredResponse recover_response(const std::vector<Text>& texts);
