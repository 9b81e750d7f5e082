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
    const char* error;  // for programs: in {"error":"..."}; the broker's own words if it has some
    const char* advice; // for people
};

namespace problem {

inline constexpr Problem stale{
    Reason::stale, "the request is too old",
    "Your mail was too long on its way, and an old offer no longer connects.\n"
    "Make a new offer and send it at once."};
inline constexpr Problem interrupted{
    Reason::interrupted, "the answer was lost",
    "A volunteer was found for you, but the answer was lost before it could be sent.\n"
    "Make a new offer and send it."};
inline constexpr Problem truncated{
    Reason::truncated, "the request is cut off",
    "The text ends in the middle of the offer; your mail program may have cut it.\n"
    "Make a new offer and send it as an attachment or as base64."};
inline constexpr Problem altered{Reason::altered, "the request was changed on its way",
                                 "Your mail program has changed the text of the offer.\n"
                                 "Make a new offer and send it as an attachment or as base64."};
inline constexpr Problem malformed{
    Reason::malformed, "malformed poll request",
    "The request has something in it that Snowflake's broker does not take.\n"
    "Check that your Snowflake client is up to date, then make a new offer and send all of it, "
    "without changing anything."};
inline constexpr Problem unsupported_version{
    Reason::unsupported_version, "unsupported message version",
    "The request is of a version that this service does not know: it knows version 1.0 only.\n"
    "Make a new offer with a Snowflake client that uses this version, and send it."};
inline constexpr Problem no_key{
    Reason::no_key, "no key to encrypt the reply to",
    "Your mail could be read, but no encrypted reply is possible: have your mail program send your "
    "OpenPGP key, one that has not expired, in an Autocrypt field or as an attachment."};
inline constexpr Problem unencrypted{
    Reason::unencrypted, "this service answers encrypted mail only",
    "Encrypt your mail with OpenPGP to the key of this address, which you get from where you got "
    "the address, and send it again."};
inline constexpr Problem no_proxy{Reason::no_proxy, "no snowflake proxies currently available",
                                  "No volunteer was free at the moment.\n"
                                  "Wait a minute, then make a new offer and send it."};
inline constexpr Problem timed_out{
    Reason::timed_out, "timed out waiting for answer!",
    "A volunteer was found, but did not answer in time.\n"
    "Make a new offer and send it; you will most likely get another volunteer."};
inline constexpr Problem broker_failed{Reason::broker_failed, "the broker could not be reached",
                                       "The Snowflake broker did not respond as it should.\n"
                                       "Wait a few minutes, then make a new offer and send it."};
inline constexpr Problem unknown_bridge{
    Reason::rejected, "bridge with requested fingerprint is unknown to the broker",
    "The broker does not know the bridge whose fingerprint stands in the request.\n"
    "Check the bridge line of your Snowflake client, or leave the fingerprint out, then make a new "
    "offer and send it."};
inline constexpr Problem rejected{
    Reason::rejected, "the broker rejected the request",
    "The broker did not accept this request.\n"
    "Check that your Snowflake client is up to date, then make a new offer and send it."};

} // namespace problem

// The problem that a broker's error stands for.
const Problem& problem_of_error(std::string_view broker_error);

// What keeps the mail's request from the broker: its age, or a defect. None also for a mail without
// a request.
std::optional<Problem> problem_of_request(const Mail& mail, std::chrono::seconds max_age,
                                          std::chrono::system_clock::time_point now);
