#include "problem.hh"

#include <doctest/doctest.h>
#include <string>

TEST_CASE(
    "the broker's words that we know have their own advice, all others are a rejection and never passed on")
{
    for (const Problem& known : {problem::no_proxy, problem::timed_out, problem::unknown_bridge}) {
        CHECK(std::string_view(problem_of_error(known.error).advice) == known.advice);
        CHECK(std::string(known.error).find_first_of("\"\\\n") ==
              std::string::npos); // it stands in JSON as it is
    }
    for (const std::string error :
         {"", "cannot decode fingerprint", "No snowflake proxies currently available",
          "\"}\r\nBcc: user@example.net"}) {
        CAPTURE(error);
        CHECK(problem_of_error(error).error == std::string("the broker rejected the request"));
    }
}
