// What the client does with a mail that may be the service's reply, up to what Snowflake is given.
#include "checks.hh"
#include "message.hh"
#include "recover/recover.hh"

namespace {

void check_response(const PollResponse& response)
{
    const std::string written = write_poll_response(response);
    check(std::all_of(written.begin(), written.end(), [](char c) { return c >= ' ' && c < 0x7f; }),
          "a response is one line of ASCII");
    const auto again = parse_poll_response(written);
    check(again && again->is_answer == response.is_answer && again->answer == response.answer &&
              again->error == response.error,
          "what Snowflake is given is the response");
}

} // namespace

void fuzz(std::string_view input)
{
    const Message message = parse_message(input);
    const RecoveredResponse recovered = recover_response(message.texts);
    if (const auto* response = std::get_if<PollResponse>(&recovered))
        check_response(*response);
}
