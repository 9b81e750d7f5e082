#include "address.hh"
#include "ascii.hh"
#include "client/client_options.hh"
#include "client/deliver.hh"
#include "client/handover.hh"
#include "client/local_broker.hh"
#include "client/pending.hh"
#include "client/request_mail.hh"
#include "client/response.hh"
#include "failure.hh"
#include "handle.hh"
#include "message.hh"
#include "sendmail.hh"
#include "signals.hh"

#include <algorithm>
#include <csignal>
#include <glib-unix.h>
#include <iomanip>
#include <iostream>
#include <map>
#include <thread>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;

constexpr auto sendmail_limit = 60s; // some sendmails speak SMTP before they return

void say(const std::string& line) { std::cout << line << std::endl; }

// For a terminal: a line of its own, and not an endless one.
std::string printable(std::string text)
{
    constexpr std::size_t longest = 200; // characters
    const GString8 valid(g_utf8_make_valid(text.c_str(), -1));
    text.clear();
    std::size_t count = 0;
    for (const char* at = valid.get(); *at; at = g_utf8_next_char(at)) {
        if (++count > longest)
            return text + "...";
        text += g_unichar_iscntrl(g_utf8_get_char(at))
                    ? "?"
                    : std::string(at, static_cast<const char*>(g_utf8_next_char(at)));
    }
    return text;
}

std::string error_response(const std::string& text) { return "{\"error\":\"" + text + "\"}"; }

// Calls in the main loop, from any thread.
void call_later(std::function<void()> work, std::chrono::seconds delay = 0s)
{
    const auto call = [](gpointer pointer) -> gboolean {
        (*static_cast<std::function<void()>*>(pointer))();
        return G_SOURCE_REMOVE;
    };
    const auto destroy = [](gpointer pointer) {
        delete static_cast<std::function<void()>*>(pointer);
    };
    auto* kept = new std::function<void()>(std::move(work));
    if (delay == 0s)
        g_idle_add_full(G_PRIORITY_DEFAULT, call, kept, destroy);
    else
        g_timeout_add_seconds_full(G_PRIORITY_DEFAULT, static_cast<guint>(delay.count()), call,
                                   kept, destroy);
}

// Snowflake's request goes out as a mail, and the mail that answers it comes back as the response.
// Lives in the main loop's thread.
class Rendezvous {
  public:
    explicit Rendezvous(const ClientOptions& options)
        : options_(options), pending_(options.to, options.per_minute),
          broker_(
              options.host, options.port,
              [this](LocalBroker::Id id, const PollRequest& request) { mail_request(id, request); },
              [this](LocalBroker::Id id) { hung_up(id); }),
          handover_(options.sockets.front(),
                    [this](const DeliveredMail& mail) { return take(mail); })
    {
        say("url=http://" + options.host + ":" + std::to_string(broker_.port()) +
            "/ is ready for Snowflake");
    }

  private:
    void mail_request(LocalBroker::Id id, const PollRequest& request)
    {
        const auto opened = pending_.open(Clock::now());
        if (!opened) {
            say("not mailed: more than " + std::to_string(options_.per_minute) + " mails a minute");
            broker_.respond(id, error_response("too many requests by mail; wait a minute"));
            return;
        }
        const std::string tag = *opened;
        ids_[tag] = id;
        const std::string mail = write_request_mail(request, options_.from, options_.to, tag,
                                                    std::chrono::system_clock::now());
        // sendmail may take its time; meanwhile others are served.
        std::thread([this, tag, mail] {
            std::string trouble;
            try {
                submit_mail(options_.sendmail,
                            return_path_of(options_.from, options_.delimiter, tag), options_.to,
                            mail, Clock::now() + sendmail_limit);
            } catch (const Failure& failure) {
                trouble = failure.what();
            }
            call_later([this, tag, trouble] { mailed(tag, trouble); });
        }).detach();
        call_later([this, tag] { give_up(tag); }, options_.timeout);
    }

    void mailed(const std::string& tag, const std::string& trouble)
    {
        if (trouble.empty()) {
            say("mailed");
            return;
        }
        say("not mailed: " + trouble);
        if (pending_.state(tag) != PendingRequests::State::waiting)
            return;
        respond(tag, error_response("the request could not be mailed"),
                PendingRequests::State::given_up);
    }

    void give_up(const std::string& tag)
    {
        if (pending_.state(tag) != PendingRequests::State::waiting)
            return;
        say("no answer after " + std::to_string(options_.timeout.count()) +
            " s; is the mail on its way? Snowflake will try again");
        respond(tag, error_response("no answer came by mail"), PendingRequests::State::given_up);
    }

    void hung_up(LocalBroker::Id id)
    {
        const auto found = std::find_if(ids_.begin(), ids_.end(),
                                        [&](const auto& entry) { return entry.second == id; });
        if (found == ids_.end())
            return;
        say("Snowflake has hung up before there was an answer");
        pending_.settle(found->first, PendingRequests::State::given_up);
        ids_.erase(found);
    }

    bool respond(const std::string& tag, const std::string& poll_response,
                 PendingRequests::State state)
    {
        pending_.settle(tag, state);
        return broker_.respond(ids_.extract(tag).mapped(), poll_response);
    }

    // Whether the mail is an answer, of any use or none; everything else goes where the person's
    // mail goes.
    bool take(const DeliveredMail& mail)
    {
        const Message message = parse_message(mail.bytes);
        std::vector<std::string> recipients = {mail.recipient};
        for (const auto& [name, value] : message.header.fields)
            for (const char* trace : {"To", "Delivered-To", "X-Original-To", "Envelope-To"})
                if (equal_ignoring_case(name, trace))
                    recipients.push_back(value);
        const auto tag = pending_.find(message.header, recipients, bare_address(mail.sender));
        const auto found = tag ? find_response(message.texts) : std::nullopt;
        if (!found) {
            if (tag)
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
        const auto age = pending_.age(*tag, Clock::now());
        std::ostringstream seconds;
        seconds << std::fixed << std::setprecision(1) << std::chrono::duration<double>(age).count();
        if (!found->response.is_answer)
            say("the service says: " + printable(found->response.error));
        else
            say("answer after " + seconds.str() + " s");
        // Clocks differ: an answer that is dead costs 10 s, one that is alive and held back the
        // connection.
        if (found->response.is_answer &&
            is_late(age, message.header.expires, std::chrono::system_clock::now()))
            say("it may be too late: an answer is good for 20 s. If it does not connect, Snowflake will ask again; a mail provider that is faster helps");
        if (!respond(*tag, found->json, PendingRequests::State::answered))
            say("but Snowflake does not wait for it any more");
        return true;
    }

    const ClientOptions& options_; // borrowed
    PendingRequests pending_;
    std::map<std::string, LocalBroker::Id> ids_; // by tag; of the requests that wait
    LocalBroker broker_;
    Handover handover_;
};

int serve(const ClientOptions& options)
{
    const Handle<GMainLoop, g_main_loop_unref> loop(g_main_loop_new(nullptr, FALSE));
    const auto quit = [](gpointer pointer) -> gboolean {
        g_main_loop_quit(static_cast<GMainLoop*>(pointer));
        return G_SOURCE_CONTINUE;
    };
    g_unix_signal_add(SIGINT, quit, loop.get());
    g_unix_signal_add(SIGTERM, quit, loop.get());
    const Rendezvous rendezvous(options);
    g_main_loop_run(loop.get());
    return exit_done;
}

} // namespace

int main(int argc, char* argv[])
{
    prepare_signals();
    try {
        const ClientOptions options = parse_client_options(argc, argv);
        switch (options.mode) {
        case ClientOptions::Mode::help: std::cout << client_usage_text; return exit_done;
        case ClientOptions::Mode::version:
            std::cout << "snowflake-mail-client " VERSION "\n";
            return exit_done;
        case ClientOptions::Mode::deliver: return deliver(options);
        case ClientOptions::Mode::serve: return serve(options);
        }
    } catch (const std::exception& failure) {
        std::cerr << "snowflake-mail-client: " << failure.what() << '\n';
    }
    return exit_try_again;
}
