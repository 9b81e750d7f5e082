#include "client/deliver.hh"

#include "client/handover.hh"
#include "failure.hh"
#include "input.hh"
#include "process.hh"

#include <algorithm>
#include <cstdlib>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr std::size_t largest_mail = 1 << 28;

std::string first_of(std::initializer_list<const char*> names)
{
    for (const char* name : names)
        if (const char* value = std::getenv(name); value && *value)
            return value;
    return "";
}

// In a .forward (or .qmail, .courier) anything but 0 bounces the mail or queues it, though it is
// delivered beside us. procmail, maildrop and Sieve ask with our exit status whether to carry on.
bool is_delivered_beside(const ClientOptions& options)
{
    const bool is_recipe = std::getenv("PROCMAIL_VERSION") || std::getenv("MAILFILTER");
    const char* agent = std::getenv("AGENT");
    const bool is_forward = std::getenv("LOCAL") || std::getenv("LOCAL_PART") ||
                            (agent && std::string(agent) == "sendmail");
    return options.beside || (is_forward && !is_recipe);
}

} // namespace

int deliver(const ClientOptions& options)
{
    constexpr auto patience = std::chrono::minutes(4); // OpenSMTPD's own ends at 5
    const auto until = Clock::now() + patience;
    auto bytes = read_input(STDIN_FILENO, largest_mail, until);
    if (!bytes && !options.command.empty())
        throw Failure(Reason::input, "the mail is too large");
    DeliveredMail mail{first_of({"SENDER"}),
                       first_of({"ORIGINAL_RECIPIENT", "ORIG_RECIPIENT", "RECIPIENT"}),
                       std::move(bytes).value_or("")};
    if (std::any_of(options.sockets.begin(), options.sockets.end(),
                    [&](const std::string& path) { return hand_over(path, mail); }))
        return exit_done;
    if (options.command.empty())
        return is_delivered_beside(options) ? exit_done : EXIT_FAILURE;
    const auto status = run_process(options.command, mail.bytes, Output::inherited, until);
    return status && WIFEXITED(*status) ? WEXITSTATUS(*status) : exit_try_again;
}
