#include "problem.hh"

#include "mail.hh"

#include <doctest/doctest.h>
#include <string>

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::sys_seconds now{1795420800s};

// The word for what keeps a request of this age from the broker; "": nothing.
std::string problem_of(const Recovery& request, std::optional<std::chrono::seconds> age,
                       std::chrono::seconds max_age = 600s)
{
    Mail mail;
    mail.request = request;
    if (age)
        mail.header.sent = now - *age;
    const auto problem = problem_of_request(mail, max_age, now);
    return problem ? word_of(problem->reason) : "";
}

const PollRequest request = {R"({"type":"offer","sdp":"v=0"})", "unknown", ""};

} // namespace

TEST_CASE(
    "the broker's words that we know have their own advice, all others are a rejection and never "
    "passed on")
{
    for (const Problem& known : {problem::no_proxy, problem::timed_out, problem::unknown_bridge}) {
        CHECK(std::string_view(problem_of_error(known.error).sentence) == known.sentence);
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

TEST_CASE(
    "a request that was on its way for longer than max-age is stale; the future and no date are "
    "fresh")
{
    constexpr std::chrono::seconds year = 365 * 24h;
    CHECK(problem_of(request, 600s) == "");
    CHECK(problem_of(request, 601s) == "stale");
    CHECK(problem_of(request, 601s, 0s) == "");
    CHECK(problem_of(request, -24h) == "");
    CHECK(problem_of(request, {}, 1s) == "");
    // A Date may name any year up to 9999, which is more nanoseconds than 64 bits hold.
    for (const int years : {56, 2000})
        CHECK(problem_of(request, years * year, 604800s) == "stale");
    for (const int years : {300, 7900})
        CHECK(problem_of(request, -years * year) == "");
}

TEST_CASE("each defect of a request is a problem of its own, of an old request it is its age")
{
    CHECK(problem_of(Defect::truncated, 0s) == "truncated");
    CHECK(problem_of(Defect::altered, 0s) == "altered");
    CHECK(problem_of(Defect::malformed, 0s) == "malformed");
    CHECK(problem_of(Defect::more_than_data, 0s) == "more-than-data");
    CHECK(problem_of(Defect::unsupported_version, 0s) == "unsupported-version");
    CHECK(problem_of(Defect::altered, 601s) == "stale");
    CHECK(problem_of(NoRequest(), 601s) == "");
}
