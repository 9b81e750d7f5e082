#include "client/pause.hh"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace {

const auto now = Clock::now();

PollRequest request_of(const std::string& nat) { return {"{}", nat, ""}; }

// A pause after a request that was mailed with this NAT, and this error for it.
Pause pause_after(const std::string& error, const std::string& nat = "unknown")
{
    Pause pause;
    pause.mailed(request_of(nat));
    pause.take_note({false, error, ""}, now);
    return pause;
}

bool is_over(const Pause& pause, Clock::duration after, const std::string& nat = "unknown")
{
    return pause.response_to(request_of(nat), now + after) == nullptr;
}

} // namespace

TEST_CASE("no mail goes out for as long as the service says, whatever the NAT")
{
    const Pause pause = pause_after("too many requests; wait 7 minutes");
    CHECK_FALSE(is_over(pause, 7min - 1s));
    CHECK_FALSE(is_over(pause, 1s, "restricted"));
    CHECK(is_over(pause, 7min));
    CHECK(pause.response_to(request_of(""), now)->error == "too many requests; wait 7 minutes");
    CHECK_FALSE(is_over(pause_after("too many requests; wait 1 minute"), 59s));
    CHECK(is_over(pause_after("too many requests; wait 1 minute"), 1min));
}

TEST_CASE("no service can stop the mails for more than a day")
{
    for (const char* minutes : {"1441", "99999999999999999999"}) {
        const Pause pause =
            pause_after("too many requests; wait " + std::string(minutes) + " minutes");
        CHECK_FALSE(is_over(pause, 24h - 1s));
        CHECK(is_over(pause, 24h));
    }
}

TEST_CASE("without a free proxy it is one minute, and a request of another NAT need not wait")
{
    const Pause pause = pause_after("no snowflake proxies currently available");
    CHECK_FALSE(is_over(pause, 59s));
    CHECK_FALSE(is_over(pause, 59s, "")); // which is the same NAT
    CHECK(is_over(pause, 1s, "unrestricted"));
    CHECK(is_over(pause, 1min));
}

TEST_CASE("an answer ends the wait for a proxy, and not what the service said")
{
    Pause pause = pause_after("no snowflake proxies currently available");
    pause.take_note({true, "", "{}"}, now);
    CHECK(is_over(pause, 1s));
    pause.take_note({false, "too many requests; wait 2 minutes", ""}, now);
    pause.take_note({true, "", "{}"}, now);
    CHECK_FALSE(is_over(pause, 1s));
}

TEST_CASE("other errors, and words that only look like a wait, stop no mail")
{
    for (const char* error :
         {"timed out waiting for answer!", "the request is too old", "too many requests",
          "too many requests; wait", "too many requests; wait 0 minutes",
          "too many requests; wait -5 minutes", "too many requests; wait 5 years",
          "too many requests; wait minutes", "not: too many requests; wait 5 minutes"}) {
        CAPTURE(std::string(error));
        CHECK(is_over(pause_after(error), 0s));
    }
}
