#include "client/mail_rendezvous.hh"

#include "address.hh"
#include "ascii.hh"
#include "client/client_failure.hh"
#include "client/main_loop.hh"
#include "client/request_mail.hh"
#include "client/terminal.hh"
#include "failure.hh"
#include "handle.hh"
#include "lines.hh"
#include "sendmail.hh"

#include <algorithm>
#include <iomanip>
#include <sstream>
#include <thread>

namespace {

using namespace std::chrono_literals;

std::string error_response(const std::string& text)
{
    return write_poll_response({false, text, ""});
}

// The options, once it is sure that there is a sendmail and said what they lack.
const ClientOptions& checked(const ClientOptions& options)
{
    const GString8 found(g_find_program_in_path(options.sendmail.c_str()));
    if (!found)
        throw ClientFailure(
            options.sendmail +
            " is not there, or no program. Install a mail system that has sendmail, "
            "such as msmtp-mta, or name another one with --sendmail");
    if (options.from.empty())
        say("without --from, sendmail says whom the answers go to; if none comes, give your own "
            "address with --from");
    return options;
}

void say_sendmails_words(std::string_view words)
{
    constexpr int most_lines = 5;
    for (int line = 0; line < most_lines && !words.empty(); ++line)
        say("sendmail says: " + printable(std::string(without_line_feed(take_line(words)))));
}

// Runs sendmail in a thread of its own, so that others are served meanwhile. Then `done` is called
// in the main loop, with what went wrong. Throws std::exception when no thread can be started.
void submit_in_thread(const std::string& sendmail, const std::string& return_path,
                      const std::string& recipient, const std::string& mail,
                      const std::function<void(const std::optional<NotMailed>& fault)>& done)
{
    constexpr auto limit = 60s; // some sendmails speak SMTP before they return
    std::thread([=] {
        run_catching([&] {
            std::optional<NotMailed> fault;
            std::string words;
            try {
                submit_mail(sendmail, return_path, recipient, mail, Clock::now() + limit, words);
            } catch (const std::exception& exception) {
                fault = {exception.what(), words};
            }
            call_later([=] { done(fault); });
        });
    }).detach();
}

} // namespace

MailRendezvous::MailRendezvous(const ClientOptions& options)
    : options_(checked(options)), pending_(options.to, options.per_minute, options.accept_untagged),
      broker_(
          options.host, options.port,
          [this](LocalBroker::Id id, const PollRequest& request) { ask_by_mail(id, request); },
          [this](LocalBroker::Id id) { hung_up(id); }),
      handover_(options.sockets.front(), [this](const DeliveredMail& mail) { return take(mail); })
{
}

bool MailRendezvous::is_paused(LocalBroker::Id id, const PollRequest& request)
{
    const PollResponse* response = pause_.response_to(request, Clock::now());
    if (response && !is_pause_said_)
        say("no mail goes out until it is time to ask again; Snowflake is told so");
    is_pause_said_ = response != nullptr;
    if (response)
        broker_.respond(id, write_poll_response(*response));
    return response != nullptr;
}

void MailRendezvous::ask_by_mail(LocalBroker::Id id, const PollRequest& request)
{
    if (is_paused(id, request))
        return;
    const auto opened = pending_.open(Clock::now());
    if (!opened) {
        say("not mailed: more than " + std::to_string(options_.per_minute) + " mails a minute");
        broker_.respond(id, error_response("too many requests by mail; wait a minute"));
        return;
    }
    const std::string& tag = *opened;
    ids_[tag] = id;
    pause_.mailed(request);
    const std::weak_ptr alive = alive_; // this object may be gone before what it waits for
    try {
        call_later(
            [=, this] {
                if (!alive.expired())
                    give_up(tag);
            },
            options_.timeout);
        submit_in_thread(options_.sendmail, return_path_of(options_.from, options_.delimiter, tag),
                         options_.to,
                         write_request_mail(request, options_.from, options_.to, tag,
                                            std::chrono::system_clock::now()),
                         [=, this](const std::optional<NotMailed>& fault) {
                             if (!alive.expired())
                                 mailed(tag, fault);
                         });
    } catch (const std::exception& exception) {
        mailed(tag, NotMailed{exception.what(), ""});
    }
}

void MailRendezvous::mailed(const std::string& tag, const std::optional<NotMailed>& fault)
{
    if (!fault) {
        say("mailed");
        return;
    }
    say("not mailed: " + fault->what);
    say_sendmails_words(fault->words);
    if (pending_.state(tag) == PendingRequests::State::waiting)
        respond(tag, error_response("the request could not be mailed"),
                PendingRequests::State::given_up);
}

void MailRendezvous::give_up(const std::string& tag)
{
    if (pending_.state(tag) != PendingRequests::State::waiting)
        return;
    say("no answer after " + std::to_string(options_.timeout.count()) +
        " s; is the mail on its way? Snowflake will try again");
    respond(tag, error_response("no answer came by mail"), PendingRequests::State::given_up);
}

void MailRendezvous::hung_up(LocalBroker::Id id)
{
    const auto found = std::find_if(ids_.begin(), ids_.end(),
                                    [&](const auto& entry) { return entry.second == id; });
    if (found == ids_.end())
        return;
    say("Snowflake has hung up before there was an answer");
    pending_.settle(found->first, PendingRequests::State::given_up);
    ids_.erase(found);
}

bool MailRendezvous::take(const DeliveredMail& mail)
try {
    constexpr auto limit = 5s; // meanwhile nobody is served
    if (mail.bytes.size() > largest_answer_mail ||
        !pending_.may_find(head_of(mail.bytes), {mail.recipient}))
        return false;
    const auto read = read_response_apart(
        mail.bytes, [&](const Header& header) { return find_tag(mail, header); },
        Clock::now() + limit);
    const auto* mailed = std::get_if<MailedResponse>(&read); // borrowed
    if (mailed && pending_.knows(mailed->tag))
        return take_response(*mailed);
    if (mailed || std::get<Unread>(read) == Unread::unreadable)
        say("a mail about the request can't be read; it is left to your mail program");
    return false;
} catch (const Failure& failure) {
    say(std::string("a mail about the request is left to your mail program: ") + failure.what());
    return false;
}

bool MailRendezvous::take_response(const MailedResponse& mailed)
{
    if (std::holds_alternative<NoResponse>(mailed.response)) {
        say("a mail about the request is no answer; it is left to your mail program");
        return false;
    }
    switch (pending_.state(mailed.tag)) {
    case PendingRequests::State::answered: say("the same answer again; ignored"); return true;
    case PendingRequests::State::given_up:
        say("too late: nothing waits for this answer any more");
        return true;
    case PendingRequests::State::waiting: break;
    }
    const auto* response = std::get_if<PollResponse>(&mailed.response); // borrowed
    if (!response) {
        say("a mail system has damaged the answer, and what it was isn't certain; Snowflake will "
            "ask again");
        respond(mailed.tag, error_response("the answer was damaged on its way by mail"),
                PendingRequests::State::answered);
        return true;
    }
    pause_.take_note(*response, Clock::now());
    describe(*response, mailed);
    if (!respond(mailed.tag, write_poll_response(*response), PendingRequests::State::answered))
        say("but Snowflake does not wait for it any more");
    return true;
}

std::optional<std::string> MailRendezvous::find_tag(const DeliveredMail& mail,
                                                    const Header& header) const
{
    std::vector<std::string> recipients = {mail.recipient};
    for (const auto& [name, value] : header.fields)
        for (const char* trace : {"To", "Delivered-To", "X-Original-To", "Envelope-To"})
            if (equal_ignoring_case(name, trace))
                recipients.push_back(value);
    return pending_.find(header, recipients, bare_address(mail.sender));
}

void MailRendezvous::describe(const PollResponse& response, const MailedResponse& mailed) const
{
    if (!response.is_answer) {
        say("the service says: " + printable(response.error));
        return;
    }
    const auto age = pending_.age(mailed.tag, Clock::now());
    std::ostringstream line;
    line << "answer after " << std::fixed << std::setprecision(1)
         << std::chrono::duration<double>(age).count() << " s";
    say(line.str());
    // Clocks differ, so an answer that looks late is handed on all the same. A dead answer costs
    // Snowflake 10 s. A good one that is held back costs the connection.
    if (is_late(age, mailed.expires, std::chrono::system_clock::now()))
        say("it may be too late: an answer is good for 20 s. If it does not connect, Snowflake "
            "will ask again; a mail provider that is faster helps");
}

bool MailRendezvous::respond(const std::string& tag, const std::string& poll_response,
                             PendingRequests::State state)
{
    pending_.settle(tag, state);
    const auto id = ids_.extract(tag);
    return id && broker_.respond(id.mapped(), poll_response);
}
