#include "client/mail_rendezvous.hh"

#include "address.hh"
#include "ascii.hh"
#include "client/main_loop.hh"
#include "client/request_mail.hh"
#include "client/response.hh"
#include "client/terminal.hh"
#include "sendmail.hh"

#include <algorithm>
#include <iomanip>
#include <sstream>
#include <thread>

namespace {

using namespace std::chrono_literals;

// `text` must need no escapes in JSON.
std::string error_response(const std::string& text) { return "{\"error\":\"" + text + "\"}"; }

// Runs sendmail in a thread of its own, so that others are served meanwhile. Then `done` is called
// in the main loop, with what went wrong. Throws std::exception when no thread can be started.
void submit_in_thread(const std::string& sendmail, const std::string& return_path,
                      const std::string& recipient, const std::string& mail,
                      const std::function<void(const std::optional<std::string>& fault)>& done)
{
    constexpr auto limit = 60s; // some sendmails speak SMTP before they return
    std::thread([=] {
        run_catching([&] {
            std::optional<std::string> fault;
            try {
                submit_mail(sendmail, return_path, recipient, mail, Clock::now() + limit);
            } catch (const std::exception& exception) {
                fault = exception.what();
            }
            call_later([=] { done(fault); });
        });
    }).detach();
}

} // namespace

MailRendezvous::MailRendezvous(const ClientOptions& options)
    : options_(options), pending_(options.to, options.per_minute),
      broker_(
          options.host, options.port,
          [this](LocalBroker::Id id, const PollRequest& request) { ask_by_mail(id, request); },
          [this](LocalBroker::Id id) { hung_up(id); }),
      handover_(options.sockets.front(), [this](const DeliveredMail& mail) { return take(mail); })
{
}

void MailRendezvous::ask_by_mail(LocalBroker::Id id, const PollRequest& request)
{
    const auto opened = pending_.open(Clock::now());
    if (!opened) {
        say("not mailed: more than " + std::to_string(options_.per_minute) + " mails a minute");
        broker_.respond(id, error_response("too many requests by mail; wait a minute"));
        return;
    }
    const std::string& tag = *opened;
    ids_[tag] = id;
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
                         [=, this](const std::optional<std::string>& fault) {
                             if (!alive.expired())
                                 mailed(tag, fault);
                         });
    } catch (const std::exception& exception) {
        mailed(tag, exception.what());
    }
}

void MailRendezvous::mailed(const std::string& tag, const std::optional<std::string>& fault)
{
    if (!fault) {
        say("mailed");
        return;
    }
    say("not mailed: " + *fault);
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
{
    const Message message = parse_message(mail.bytes);
    const auto tag = find_tag(mail, message.header);
    if (!tag)
        return false;
    const auto found = find_response(message.texts);
    if (!found) {
        say("a mail about the request is no answer; it is left to your mail program");
        return false;
    }
    switch (pending_.state(*tag)) {
    case PendingRequests::State::answered: say("the same answer again; ignored"); return true;
    case PendingRequests::State::given_up:
        say("too late: nothing waits for this answer any more");
        return true;
    case PendingRequests::State::waiting: break;
    }
    describe(found->response, *tag, message.header);
    if (!respond(*tag, found->json, PendingRequests::State::answered))
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

void MailRendezvous::describe(const PollResponse& response, const std::string& tag,
                              const Header& header) const
{
    if (!response.is_answer) {
        say("the service says: " + printable(response.error));
        return;
    }
    const auto age = pending_.age(tag, Clock::now());
    std::ostringstream line;
    line << "answer after " << std::fixed << std::setprecision(1)
         << std::chrono::duration<double>(age).count() << " s";
    say(line.str());
    // Clocks differ, so an answer that looks late is handed on all the same. A dead answer costs
    // Snowflake 10 s. A good one that is held back costs the connection.
    if (is_late(age, header.expires, std::chrono::system_clock::now()))
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
