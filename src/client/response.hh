#pragma once
#include "message.hh"
#include "poll.hh"

#include <optional>
#include <string>
#include <vector>

struct FoundResponse {
    std::string json; // as in the mail, without its line breaks where these broke it
    PollResponse response;
};

// The first poll response in the texts of a reply. Other text may stand around it.
std::optional<FoundResponse> find_response(const std::vector<Text>& texts);
