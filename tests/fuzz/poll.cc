// Poll messages: what a client asks and what the broker says.
#include "checks.hh"
#include "problem.hh"

void fuzz(std::string_view input)
{
    if (const auto request = parse_poll_request(input)) {
        check(is_json_object(input), "a request is a JSON object");
        check_request(*request);
        check(!sdp_of(*request).empty(), "an offer has a session description");
    }
    if (const auto response = parse_poll_response(input)) {
        check(is_json_object(input), "a response is a JSON object");
        check(response->is_answer == response->error.empty(), "it is an answer or an error");
        check(*problem_of_error(response->error).sentence != '\0', "a person is told what to do");
    }
}
