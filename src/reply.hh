#pragma once
#include "problem.hh"

#include <chrono>
#include <string>
#include <variant>

struct Answer {
    std::string json; // the poll response, byte for byte as the broker sent it
    std::chrono::system_clock::time_point received; // from here the proxy waits 20 s
};

struct Help {
    std::string text; // UTF-8
};

// The sender has used up the quota.
struct Refusal {
    std::chrono::minutes wait;
};

// What a person is told.
using Reply = std::variant<Answer, Problem, Help, Refusal>;

inline Reason reason_of(const Reply& reply)
{
    if (const auto* problem = std::get_if<Problem>(&reply))
        return problem->reason;
    if (std::holds_alternative<Refusal>(reply))
        return Reason::too_many_requests;
    return std::holds_alternative<Help>(reply) ? Reason::help : Reason::answer;
}
