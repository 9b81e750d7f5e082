#include "client/deliver.hh"

#include "client/client_failure.hh"
#include "client/handover.hh"
#include "client/response.hh"
#include "failure.hh"
#include "input.hh"
#include "process.hh"

#include <algorithm>
#include <cstdlib>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr std::size_t largest_mail = 1 << 28; // that is kept for a command

std::string environment(std::initializer_list<const char*> names)
{
    for (const char* name : names)
        if (const char* value = std::getenv(name); value && *value)
            return value;
    return "";
}

// Whether the mail system delivers the mail elsewhere too. From a .forward (or .qmail, .courier) it
// does, and any status but 0 would bounce or queue the mail. From a recipe of procmail or maildrop
// it does not: there our status says whether the recipe carries on.
bool is_delivered_beside(const ClientOptions& options)
{
    const bool is_recipe = std::getenv("PROCMAIL_VERSION") || std::getenv("MAILFILTER");
    const bool is_forward =
        std::getenv("LOCAL") || std::getenv("LOCAL_PART") || environment({"AGENT"}) == "sendmail";
    return options.beside || (is_forward && !is_recipe);
}

} // namespace

int deliver(const ClientOptions& options)
{
    constexpr auto limit = std::chrono::minutes(4); // OpenSMTPD waits for 5
    const auto until = Clock::now() + limit;
    const bool has_command = !options.command.empty();
    auto bytes = read_input(STDIN_FILENO, has_command ? largest_mail : largest_answer_mail, until);
    if (!bytes && has_command)
        throw ClientFailure("the mail is too large");
    if (bytes && bytes->size() <= largest_answer_mail) {
        const DeliveredMail mail{environment({"SENDER"}),
                                 environment({"ORIGINAL_RECIPIENT", "ORIG_RECIPIENT", "RECIPIENT"}),
                                 *bytes};
        if (std::any_of(options.sockets.begin(), options.sockets.end(),
                        [&](const std::string& path) { return hand_over(path, mail); }))
            return exit_done;
    }
    if (!has_command)
        return is_delivered_beside(options) ? exit_done : EXIT_FAILURE;
    try {
        const auto status = run_process(options.command, *bytes, Output::inherited, until);
        return status && WIFEXITED(*status) ? WEXITSTATUS(*status) : exit_try_again;
    } catch (const NotStarted& failure) {
        throw ClientFailure("the command " + options.command.front() + " " + failure.what());
    }
}
