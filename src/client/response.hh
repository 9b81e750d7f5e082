#pragma once
#include "message.hh"
#include "poll.hh"

#include <optional>
#include <string>
#include <vector>

struct FoundResponse {
    std::string json; // as it stands in the mail
    PollResponse response;
};

// The first poll response in the texts of a reply, with or without text around it.
std::optional<FoundResponse> find_response(const std::vector<Text>& texts);
