#include "broker.hh"
#include "check.hh"
#include "deadline.hh"
#include "envelope.hh"
#include "failure.hh"
#include "help.hh"
#include "identity.hh"
#include "input.hh"
#include "journal.hh"
#include "language.hh"
#include "log.hh"
#include "mail.hh"
#include "mail_reader.hh"
#include "openpgp/openpgp.hh"
#include "options.hh"
#include "problem.hh"
#include "quota.hh"
#include "reply_mail.hh"
#include "reply_text.hh"
#include "report.hh"
#include "safe_start.hh"
#include "sendmail.hh"
#include "settings.hh"
#include "signals.hh"
#include "silence.hh"
#include "store.hh"

#include <cstdlib>
#include <iostream>
#include <new>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;
using std::chrono::system_clock;

// Not spent on asking the broker, so that at least an error reply goes out.
constexpr auto time_to_reply = 8s;

// The life of one mail: README's steps 2 to 9. Returns how it ended, and fills in the rest of the
// log's entry. Throws Failure when the mail system has to keep the mail.
Reason answer_mail(const Options& options, LogEntry& entry)
{
    // 2. The settings are read, and the mail to its end.
    const Settings settings = read_settings(options.config);
    open_log(settings.log_target);
    const auto deadline = start_deadline(settings.limits.deadline);
    const auto asking_ends = deadline - time_to_reply;
    const auto reading_began = Clock::now();
    const auto bytes = read_input(STDIN_FILENO, settings.limits.max_size, asking_ends);
    entry.read = time_since(reading_began);
    if (!bytes)
        return Reason::too_large;
    if (is_from_null_sender(options, std::getenv)) // whatever is in it: step 5 would ignore it
        return Reason::null_sender;

    // 3. The request is looked for: in plain text, HTML or attachments; wrapped, quoted, in base64,
    //    with curly quotation marks, as mail programs make it; encrypted, if the service has a key.
    //    A child does that, which can do nothing else; meanwhile we get ready to ask.
    Exchange exchange(settings);
    auto read = exchange.read(*bytes, asking_ends, [&] {
        if (looks_like_request(*bytes))
            load_early();
    });
    if (const auto* reason = std::get_if<Reason>(&read))
        return *reason;
    Mail mail = std::get<Mail>(std::move(read));

    // 4. The envelope tells who sent it and which address was written to.
    const Envelope envelope = find_envelope(options, std::getenv, mail.header);

    // 5. Bounces, automatic mail, mailing lists, mail from ourselves and mail without a request
    //    are ignored.
    std::optional<Help> help = find_help(mail, settings.reply);
    if (const auto silence = reason_for_silence(envelope, mail, settings, help.has_value()))
        return *silence;
    const std::string from = service_address(envelope, settings.reply);

    // 6. A mail that came before is not answered again, and a sender who sends too many is told so
    //    once. The journal tells how far an earlier delivery came: a reply that is owed goes out.
    Store store = options.dry_run ? Store() : Store(find_state_directory(settings), deadline);
    const Quota quota(settings.quota, envelope.sender);
    const std::string outer_identity = mail_identity(*bytes, mail.header);
    //    What is encrypted stays closed as long as its cover tells enough: gpg is slow. The mail
    //    inside has to pass step 5, too.
    if (mail.cover == Cover::sealed) {
        if (const auto known =
                reason_to_leave_closed(store, quota, envelope.sender, outer_identity))
            return *known;
        if (const auto reason = exchange.open(mail, asking_ends))
            return *reason;
        help = find_help(mail, settings.reply);
        if (const auto silence = reason_for_silence(envelope, mail, settings, help.has_value()))
            return *silence;
    }
    if (const auto* request = std::get_if<PollRequest>(&mail.request))
        entry.unknown_fields = request->unknown_fields;
    Journal journal(store, quota, envelope.sender, mail_identity(*bytes, mail.header),
                    outer_identity);
    std::optional<Reply> reply; // none: the broker is asked for it
    if (help)
        reply = *help;
    else if (!(reply = exchange.reply_to(mail, envelope, asking_ends)))
        reply = problem_of_request(mail, settings.limits.max_age, system_clock::now());
    switch (journal.stage()) {
    case Stage::fresh: {
        const auto verdict = journal.charge(help    ? Quota::Use::help
                                            : reply ? Quota::Use::error
                                                    : Quota::Use::proxy);
        if (const auto* reason = std::get_if<Reason>(&verdict))
            return *reason;
        if (const auto* refusal = std::get_if<Problem>(&verdict))
            reply = *refusal;
        break;
    }
    case Stage::charged:
    case Stage::asked:
    case Stage::composed: reply = journal.owed_reply(std::move(reply)); break;
    case Stage::sending:
    case Stage::done: return Reason::duplicate;
    }

    // 7. The broker is asked, again if need be, until it has an answer or time is up.
    int unspent_proxies = 0;
    if (!reply) {
        prepare_to_ask(settings.broker);
        journal.set_asked();
        const auto asking_began = Clock::now();
        const auto may_spend_another = [&] { return journal.charge_another_proxy(); };
        BrokerResult result = ask_broker(std::get<PollRequest>(mail.request), settings.broker,
                                         asking_ends, may_spend_another);
        entry.broker = time_since(asking_began);
        entry.attempts = result.attempts;
        unspent_proxies = result.unspent_proxies;
        reply = std::move(result.reply);
    }

    // 8. A reply is made: the broker's answer as it came, or what went wrong.
    //    It is encrypted if the request was.
    const Sentences sentences =
        read_sentences(settings.reply.texts, preferred_languages(mail.header, mail.language));
    const std::string text = write_reply_text(*reply, mail.request, settings.reply.page, sentences);
    const std::string plain_mail =
        write_reply_mail(*reply, text, from, envelope.sender, mail.header, settings.reply.subject,
                         system_clock::now());
    journal.set_composed(reason_of(*reply), unspent_proxies);
    const std::string reply_mail =
        exchange.wrapped(plain_mail, mail, envelope, from, deadline - time_to_reply / 2);

    // 9. The local sendmail gets it, for the envelope sender alone.
    const auto sending_began = Clock::now();
    if (options.dry_run) {
        if (!(std::cout << reply_mail << std::flush))
            throw Failure(Reason::output, "the reply can't be written");
    } else {
        hold_signals(); // or there would be silence between the next two steps
        journal.set_sending();
        try {
            send_mail(settings.reply.sendmail, settings.reply.return_path, envelope.sender,
                      reply_mail, deadline);
        } catch (const NotSent&) {
            journal.set_not_sent(); // when the mail comes again, its reply goes out
            throw;
        } catch (const std::bad_alloc&) { // the same
            journal.set_not_sent();
            throw;
        }
        settle_deadline();
        journal.set_done();
    }
    entry.sendmail = time_since(sending_began);
    return reason_of(*reply);
}

// The mail system keeps the mail, and its administrator reads the line.
Reason keep_mail(Reason reason, const char* line)
{
    complain(line);
    if (reason != Reason::input) // then it was read as far as it comes
        drain_input(STDIN_FILENO);
    return reason;
}

} // namespace

int main(int argc, char* argv[])
{
    start_safely(); // descriptors, no cores, signals, the environment, the deadline
    const auto start = Clock::now();
    LogEntry entry;
    try {
        const Options options = parse_options(argc, argv);
        if (options.mode == Options::Mode::check)
            return check_installation(options) ? exit_done : exit_check_failed;
        if (options.mode == Options::Mode::report)
            return print_report(options.files) ? exit_done : exit_check_failed;
        if (options.is_about_key())
            return run_key_command(options) ? exit_done : exit_check_failed;
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
        // 1. Your mail system receives it and pipes it to snowflake-mail.
        entry.reason = answer_mail(options, entry);
    } catch (const Failure& failure) {
        entry.reason = keep_mail(failure.reason, failure.what());
    } catch (const std::bad_alloc&) {
        entry.reason = keep_mail(Reason::memory, "no memory");
    } catch (const std::exception&) { // its text may hold anything
        entry.reason = keep_mail(Reason::internal, "internal error");
    }

    // 10. One line in the log says what was done, and nothing about the person.
    entry.total = time_since(start);
    write_log(entry);
    leave(outcome_of(entry.reason) == Outcome::deferred ? exit_try_again : exit_done);
}
