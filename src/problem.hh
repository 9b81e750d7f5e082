#pragma once
#include <string_view>

// Why a request got no answer: what the log calls it, and what the person is told.
struct Problem {
    const char* reason; // in the log line
    const char* error; // for programs: in {"error":"..."}; the broker's own words where it has some
    const char* advice; // for people

    bool operator==(const Problem& other) const { return std::string_view(error) == other.error; }
};

namespace problem {

inline constexpr Problem stale{
    "stale", "the request is too old",
    "Your mail was too long on its way, and an old offer no longer connects.\nMake a new offer and send it at once."};
inline constexpr Problem interrupted{
    "interrupted", "the answer was lost",
    "A volunteer was found for you, but the answer was lost before it could be sent.\nMake a new offer and send it."};
inline constexpr Problem truncated{
    "truncated", "the request is cut off",
    "The text ends in the middle of the offer; your mail program may have cut it.\nMake a new offer and send it as an attachment or as base64."};
inline constexpr Problem altered{
    "altered", "the request was changed on its way",
    "Your mail program has changed the text of the offer.\nMake a new offer and send it as an attachment or as base64."};
inline constexpr Problem no_proxy{
    "no-proxy", "no snowflake proxies currently available",
    "No volunteer was free at the moment.\nWait a minute, then make a new offer and send it."};
inline constexpr Problem timed_out{
    "timed-out", "timed out waiting for answer!",
    "A volunteer was found, but did not answer in time.\nMake a new offer and send it; you will most likely get another volunteer."};
inline constexpr Problem broker_failed{
    "broker-failed", "the broker could not be reached",
    "The Snowflake broker did not respond as it should.\nWait a few minutes, then make a new offer and send it."};
inline constexpr Problem unknown_bridge{
    "rejected", "bridge with requested fingerprint is unknown to the broker",
    "The broker does not know the bridge whose fingerprint stands in the request.\nCheck the bridge line of your Snowflake client, or leave the "
    "fingerprint out, then make a new offer and send it."};
inline constexpr Problem rejected{
    "rejected", "the broker rejected the request",
    "The broker did not accept this request.\nCheck that your Snowflake client is up to date, then make a new offer and send it."};

} // namespace problem

// The problem that a broker's error stands for.
const Problem& problem_of_error(std::string_view broker_error);
