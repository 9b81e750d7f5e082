#pragma once
#include "reason.hh"

#include <chrono>
#include <optional>
#include <string_view>

struct Mail;

// Why a request got no answer.
struct Problem {
    // It also says whether the broker is asked again (broker.cc); `rejected` does for a new error.
    Reason reason;
    const char* error;    // for programs: in {"error":"..."}; the broker's own words if it has some
    const char* sentence; // for people: its name in the files of sentences (sentences.hh)
    int minutes = 0;      // to wait: what "{minutes}" in both stands for
};

namespace problem {

inline constexpr Problem stale{Reason::stale, "the request is too old", "stale"};
inline constexpr Problem interrupted{Reason::interrupted, "the answer was lost", "interrupted"};
inline constexpr Problem truncated{Reason::truncated, "the request is cut off", "truncated"};
inline constexpr Problem altered{Reason::altered, "the request was changed on its way", "altered"};
inline constexpr Problem malformed{Reason::malformed, "malformed poll request", "malformed"};
inline constexpr Problem unsupported_version{Reason::unsupported_version,
                                             "unsupported message version", "unsupported-version"};
inline constexpr Problem more_than_data{
    Reason::more_than_data, "the offer is for more than a data channel", "more-than-data"};
inline constexpr Problem no_key{Reason::no_key, "no key to encrypt the reply to", "no-key"};
inline constexpr Problem unencrypted{Reason::unencrypted,
                                     "this service answers encrypted mail only", "unencrypted"};
inline constexpr Problem too_many_requests{
    Reason::too_many_requests, "too many requests; wait {minutes} minutes", "too-many-requests"};
inline constexpr Problem no_proxy{Reason::no_proxy, "no snowflake proxies currently available",
                                  "no-proxy"};
inline constexpr Problem timed_out{Reason::timed_out, "timed out waiting for answer!", "timed-out"};
inline constexpr Problem broker_failed{Reason::broker_failed, "the broker could not be reached",
                                       "broker-failed"};
inline constexpr Problem unknown_bridge{
    Reason::rejected, "bridge with requested fingerprint is unknown to the broker",
    "unknown-bridge"};
inline constexpr Problem rejected{Reason::rejected, "the broker rejected the request", "rejected"};

} // namespace problem

// The problem that a broker's error stands for.
const Problem& problem_of_error(std::string_view broker_error);

// The problem of that reason, if it is one of the broker's.
std::optional<Problem> problem_of_broker(std::string_view reason);

// What keeps the mail's request from the broker: its age, or a defect. None also for a mail without
// a request.
std::optional<Problem> problem_of_request(const Mail& mail, std::chrono::seconds max_age,
                                          std::chrono::system_clock::time_point now);
