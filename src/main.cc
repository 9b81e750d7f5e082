#include "check.hh"
#include "deadline.hh"
#include "decide.hh"
#include "envelope.hh"
#include "failure.hh"
#include "input.hh"
#include "log.hh"
#include "mail.hh"
#include "options.hh"
#include "quota.hh"
#include "record.hh"
#include "reply.hh"
#include "respond.hh"
#include "settings.hh"
#include "state.hh"

#include <cstdlib>
#include <iostream>
#include <new>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;

constexpr auto time_to_reply =
    8s; // kept from asking the broker, so that at least an error reply goes out

// The life of one mail. Fills in what the log says of it; throws Failure where the mail has to be
// kept.
void answer_mail(const Options& options, LogEntry& entry)
{
    const Settings settings = read_settings(options.config);
    open_log(settings.log_target);
    const auto deadline = start_deadline(settings.limits.deadline);
    const auto reply_time = deadline - time_to_reply;

    const auto start = Clock::now();
    const auto bytes = read_input(STDIN_FILENO, settings.limits.max_size, reply_time);
    entry.read = time_since(start);
    if (!bytes) {
        entry.reason = "too-large";
        return;
    }

    const Mail mail = read_mail(*bytes);
    const Envelope envelope = find_envelope(options, std::getenv, mail.header);
    const Decision decision = decide(envelope, mail, settings, std::chrono::system_clock::now());

    const bool keeps_state = !options.dry_run && !std::holds_alternative<Ignore>(decision);
    const State state = keeps_state ? State(find_state_directory(settings)) : State();
    const Quota quota(state, settings.quota, envelope.sender, reply_time);
    Record record(state, envelope.sender, mail_identity(*bytes, mail.header), reply_time);
    const auto response = respond(decision, settings, quota, record, reply_time, entry);
    if (const auto* silence = std::get_if<Ignore>(&response)) {
        entry.reason = silence->reason;
        return;
    }

    const Outcome& outcome = std::get<Outcome>(response);
    const std::string reply = write_reply(outcome, envelope, mail.header, settings.reply,
                                          std::chrono::system_clock::now());
    const auto handed = Clock::now();
    if (!options.dry_run)
        send_once(settings.reply, envelope.sender, reply, deadline, record);
    else if (!(std::cout << reply << std::flush))
        throw Failure("output", "the reply can't be written");
    entry.sendmail = time_since(handed);
    entry.outcome = "answered";
    entry.reason = reason_of(outcome);
}

int keep_mail(LogEntry& entry, const char* reason, const char* line)
{
    entry.outcome = "deferred";
    entry.reason = reason;
    std::cerr << "snowflake-mail: " << line << '\n';
    drain_input(STDIN_FILENO);
    return exit_try_again;
}

} // namespace

int main(int argc, char* argv[])
{
    prepare_signals();
    const auto start = Clock::now();
    LogEntry entry{.outcome = "ignored", .reason = ""};
    int status = exit_done;
    try {
        const Options options = parse_options(argc, argv);
        if (options.mode == Options::Mode::check)
            return check_installation(options) ? exit_done : exit_check_failed;
        if (options.mode != Options::Mode::filter) {
            std::cout << (options.mode == Options::Mode::help ? usage_text
                                                              : "snowflake-mail " VERSION "\n")
                      << std::flush;
            return std::cout ? exit_done : exit_check_failed;
        }
        if (isatty(STDIN_FILENO)) {
            std::cerr << usage_text;
            return exit_try_again;
        }
        answer_mail(options, entry);
    } catch (const Failure& failure) {
        status = keep_mail(entry, failure.reason, failure.what());
    } catch (const std::bad_alloc&) {
        status = keep_mail(entry, "memory", "no memory");
    } catch (const std::exception&) { // its text is nobody's to vouch for
        status = keep_mail(entry, "internal", "internal error");
    }
    entry.total = time_since(start);
    write_log(entry);
    return status;
}
