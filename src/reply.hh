#pragma once
#include "problem.hh"

#include <chrono>
#include <string>
#include <variant>

struct Answer {
    // How long the proxy waits for the person: dataChannelTimeout in Snowflake's source.
    static constexpr std::chrono::seconds lifetime{20};

    std::string json; // the poll response, byte for byte as the broker sent it
    std::chrono::system_clock::time_point received; // from here the proxy waits
};

struct Help {
    std::string text; // UTF-8
};

// What a person's Delta Chat is told that has asked for the service's key (SecureJoin).
struct Introduction {};

// What a person is told.
using Reply = std::variant<Answer, Problem, Help, Introduction>;

inline Reason reason_of(const Reply& reply)
{
    if (const auto* problem = std::get_if<Problem>(&reply))
        return problem->reason;
    if (std::holds_alternative<Introduction>(reply))
        return Reason::contact;
    return std::holds_alternative<Help>(reply) ? Reason::help : Reason::answer;
}
