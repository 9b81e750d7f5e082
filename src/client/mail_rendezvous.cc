#include "client/mail_rendezvous.hh"

#include "address.hh"
#include "ascii.hh"
#include "client/client_failure.hh"
#include "client/main_loop.hh"
#include "client/request_mail.hh"
#include "client/service_key.hh"
#include "client/terminal.hh"
#include "failure.hh"
#include "handle.hh"
#include "lines.hh"
#include "link.hh"
#include "openpgp/openpgp.hh"
#include "sendmail.hh"

#include <algorithm>
#include <iomanip>
#include <sstream>
#include <thread>

namespace {

using namespace std::chrono_literals;

constexpr auto longest_sealing = 10s;       // gpg takes less than a tenth of one
constexpr int most_per_minute_by_hand = 60; // each is on show only, and nothing goes out

std::string error_response(const std::string& text)
{
    return write_poll_response({false, text, ""});
}

// The options, once it is sure that there is a sendmail and said what they lack.
const ClientOptions& checked(const ClientOptions& options)
{
    if (options.sendmail.empty())
        return options;
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

// Calls `work` in a thread of its own, so that others are served meanwhile. Throws std::exception
// when no thread can be started.
void run_in_thread(const std::function<void()>& work)
{
    std::thread([=] { run_catching(work); }).detach();
}

// Composes a mail and runs sendmail in such a thread. Then `done` is called in the main loop, with
// what went wrong.
void submit_in_thread(const std::string& sendmail, const std::string& return_path,
                      const std::string& recipient, const std::function<std::string()>& compose,
                      const std::function<void(const std::optional<NotMailed>& fault)>& done)
{
    constexpr auto limit = 60s; // some sendmails speak SMTP before they return
    run_in_thread([=] {
        std::optional<NotMailed> fault;
        std::string words;
        try {
            submit_mail(sendmail, return_path, recipient, compose(), Clock::now() + limit, words);
        } catch (const std::exception& exception) {
            fault = {exception.what(), words};
        }
        call_later([=] { done(fault); });
    });
}

} // namespace

MailRendezvous::MailRendezvous(const ClientOptions& options)
    : options_(checked(options)),
      pending_(options.sendmail.empty() ? most_per_minute_by_hand : options.per_minute),
      correspondence_(start_correspondence(options)),
      broker_(
          options.host, options.port,
          [this](LocalBroker::Id id, const PollRequest& request) { ask_by_mail(id, request); },
          [this](LocalBroker::Id id) { hung_up(id); },
          options.page ? PageWork{[this](const std::string& text) {
                                      return write_outcome(take_pasted(text));
                                  },
                                  [this] { return write_page_state(page_state()); }}
                       : PageWork{}),
      handover_(options.sockets.front(), [this](const DeliveredMail& mail) { return take(mail); })
{
}

// A thread may have it, too.
MailRendezvous::~MailRendezvous()
{
    if (correspondence_)
        correspondence_->end();
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
    const auto opened =
        pending_.open(Clock::now(), link_port() > 0 ? link_tag(sdp_of(request)) : "");
    if (!opened) {
        say("not mailed: more than " + std::to_string(options_.per_minute) + " mails a minute");
        broker_.respond(id, error_response("too many requests by mail; wait a minute"));
        return;
    }
    const std::string& tag = *opened;
    // An answer came too late, or its proxy was out of reach, when Snowflake asks so soon after.
    constexpr auto soon = 30s;
    const bool is_again = last_ && last_->response.is_answer && Clock::now() - last_->time < soon;
    waiting_[tag] = {id, request, !options_.sendmail.empty(), is_again, ""};
    last_.reset();
    pause_.mailed(request);
    const std::weak_ptr alive = alive_; // this object may be gone before what it waits for
    try {
        call_later(
            [=, this] {
                if (!alive.expired())
                    give_up(tag);
            },
            options_.timeout);
        if (options_.page && correspondence_)
            seal_text(tag, request);
        else
            hand_out(tag, request);
    } catch (const std::exception& exception) {
        mailed(tag, NotMailed{exception.what(), ""});
    }
}

void MailRendezvous::hand_out(const std::string& tag, const PollRequest& request)
try {
    if (options_.sendmail.empty())
        say("Snowflake needs a mail from you: see the page");
    else
        mail(tag, request);
} catch (const std::exception& exception) {
    mailed(tag, NotMailed{exception.what(), ""});
}

void MailRendezvous::mail(const std::string& tag, const PollRequest& request)
{
    const std::weak_ptr alive = alive_;
    const std::string plain = write_request_mail(request, options_.from, options_.to, tag,
                                                 link_port(), std::chrono::system_clock::now());
    const auto compose = [plain, from = options_.from, correspondence = correspondence_] {
        return correspondence ? correspondence->sealed(plain, from, Clock::now() + longest_sealing)
                              : plain;
    };
    submit_in_thread(options_.sendmail, return_path_of(options_.from, options_.delimiter, tag),
                     options_.to, compose, [=, this](const std::optional<NotMailed>& fault) {
                         if (!alive.expired())
                             mailed(tag, fault);
                     });
}

void MailRendezvous::seal_text(const std::string& tag, const PollRequest& request)
{
    const std::weak_ptr alive = alive_;
    const std::string plain = write_short_request_mail(request, options_.from, tag);
    run_in_thread([=, this, from = options_.from, correspondence = correspondence_] {
        std::string text;
        std::optional<NotMailed> fault;
        try {
            text = correspondence->sealed_text(plain, from, Clock::now() + longest_sealing);
        } catch (const std::exception& exception) {
            fault = {exception.what(), ""};
        }
        call_later([=, this] {
            if (alive.expired() || pending_.state(tag) != PendingRequests::State::waiting)
                return;
            waiting_.at(tag).sealed_text = text;
            if (fault)
                mailed(tag, fault);
            else
                hand_out(tag, request);
        });
    });
}

unsigned MailRendezvous::link_port() const
{
    const bool is_ipv6 = options_.host.starts_with('['); // links lead to 127.0.0.1
    return options_.page && !is_ipv6 ? broker_.port() : 0;
}

void MailRendezvous::mailed(const std::string& tag, const std::optional<NotMailed>& fault)
{
    if (!fault) {
        say("mailed");
        return;
    }
    say("not mailed: " + fault->what);
    say_sendmails_words(fault->words);
    if (pending_.state(tag) != PendingRequests::State::waiting)
        return;
    Waiting& waiting = waiting_.at(tag);
    if (options_.page && (!correspondence_ || !waiting.sealed_text.empty()))
        waiting.is_mailed = false; // the person can mail what the page shows
    else
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
    const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                    [&](const auto& entry) { return entry.second.id == id; });
    if (found == waiting_.end())
        return;
    say("Snowflake has hung up before there was an answer");
    pending_.settle(found->first, PendingRequests::State::given_up);
    waiting_.erase(found);
}

bool MailRendezvous::take(const DeliveredMail& mail)
try {
    constexpr auto limit = 5s; // meanwhile nobody is served
    const bool is_named = pending_.may_find(head_of(mail.bytes), {mail.recipient});
    // A header tells nothing of what is encrypted.
    const bool may_be_named = correspondence_ ? pending_.has_any() : pending_.awaits_link();
    if (mail.bytes.size() > largest_answer_mail || (!is_named && !may_be_named))
        return false;
    const auto until = Clock::now() + limit;
    if (correspondence_)
        return take_sealed(mail, is_named, until);
    const auto read = read_response_apart(
        mail.bytes, [&](const Message& message) { return find_tag(mail, message); }, until);
    const auto* mailed = std::get_if<MailedResponse>(&read); // borrowed
    if (mailed && pending_.knows(mailed->tag))
        return take_response(*mailed);
    if (is_named && (mailed || std::get<Unread>(read) == Unread::unreadable))
        say("a mail about the request can't be read; it is left to your mail program");
    return false;
} catch (const Failure& failure) {
    say(std::string("a mail about the request is left to your mail program: ") + failure.what());
    return false;
}

bool MailRendezvous::take_sealed(const DeliveredMail& mail, bool is_named, Clock::time_point until)
{
    const auto leave = [](const char* what) {
        say(what, "; it is refused, and left to your mail program");
        return false;
    };
    const auto seems_a_reply = [&](const Message& message) {
        const auto& authors = message.header.from;
        return find_tag(mail, message) ||
               std::any_of(authors.begin(), authors.end(), [&](const std::string& author) {
                   return same_address(author, options_.to);
               });
    };
    const auto found = read_sealed_apart(mail.bytes, seems_a_reply, until);
    const auto* sealed = std::get_if<SealedResponse>(&found); // borrowed
    if (!sealed)
        return is_named && leave("a mail about the request can't be read");
    if (sealed->message.empty())
        return sealed->seems_a_reply && leave("what seems to be a reply is not encrypted");

    const auto opened = correspondence_->opened(sealed->message, until);
    if (const auto* refusal = std::get_if<Correspondence::Refusal>(&opened)) {
        if (*refusal == Correspondence::Refusal::not_signed)
            return leave("what is encrypted as a reply is not signed by the service");
        return sealed->seems_a_reply && leave("what seems to be a reply can't be decrypted");
    }
    const auto read = read_signed(std::get<std::string>(opened), until);
    const auto* mailed = std::get_if<MailedResponse>(&read); // borrowed
    if (mailed && pending_.knows(mailed->tag))
        return take_response(*mailed);
    return leave("a reply of the service is about no request that is known");
}

// That alone tells which request it answers. The header around it doesn't: any host on the way may
// have written that.
std::variant<MailedResponse, Unread> MailRendezvous::read_signed(std::string_view octets,
                                                                 Clock::time_point until) const
{
    return read_response_apart(
        octets, [&](const Message& message) { return find_tag(DeliveredMail(), message); }, until);
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
    hand_on(*response, mailed);
    return true;
}

void MailRendezvous::hand_on(const PollResponse& response, const MailedResponse& mailed)
{
    pause_.take_note(response, Clock::now());
    describe(response, mailed);
    last_ = {Clock::now(), response};
    if (!respond(mailed.tag, write_poll_response(response), PendingRequests::State::answered))
        say("but Snowflake does not wait for it any more");
}

std::string_view MailRendezvous::take_pasted(const std::string& text)
{
    constexpr auto limit = 5s; // meanwhile nobody is served
    const auto until = Clock::now() + limit;
    if (correspondence_)
        if (const auto outcome = take_sealed_text(text, until))
            return *outcome;
    // Nobody on the way can make a link with the tag of an encrypted request. Without a link it
    // isn't known who has written the text.
    const std::string* newest_tag = correspondence_ ? nullptr : newest();
    const auto read = read_pasted_apart(
        text,
        {[&](std::string_view link_tag) { return pending_.find_by_link_tag(link_tag); },
         newest_tag ? *newest_tag : ""},
        until);
    if (const auto* unread = std::get_if<Unread>(&read))
        return *unread == Unread::unreadable ? "damaged" : correspondence_ ? "unsealed" : "nobody";
    return take_pasted_response(std::get<MailedResponse>(read));
}

std::optional<std::string_view> MailRendezvous::take_sealed_text(const std::string& text,
                                                                 Clock::time_point until)
{
    const auto found = read_sealed_apart(
        "\n" + text, [](const Message&) { return true; }, until);
    const auto* sealed = std::get_if<SealedResponse>(&found); // borrowed
    if (!sealed)
        return "damaged";
    if (sealed->message.empty())
        return std::nullopt;
    const auto opened = correspondence_->opened(sealed->message, until);
    if (const auto* refusal = std::get_if<Correspondence::Refusal>(&opened))
        return *refusal == Correspondence::Refusal::not_signed ? "unsealed" : "damaged";
    const auto read = read_signed(std::get<std::string>(opened), until);
    const auto* mailed = std::get_if<MailedResponse>(&read); // borrowed
    return mailed ? take_pasted_response(*mailed) : "earlier";
}

std::string_view MailRendezvous::take_pasted_response(const MailedResponse& mailed)
{
    if (!pending_.knows(mailed.tag))
        return "earlier";
    switch (pending_.state(mailed.tag)) {
    case PendingRequests::State::answered: return "used";
    case PendingRequests::State::given_up: return "earlier";
    case PendingRequests::State::waiting: break;
    }
    // Unlike a mail, a text can be copied once more: the request waits on.
    if (std::holds_alternative<NoResponse>(mailed.response))
        return "nothing";
    const auto* response = std::get_if<PollResponse>(&mailed.response); // borrowed
    if (!response)
        return "damaged";
    hand_on(*response, mailed);
    return response->is_answer ? "handed" : "refused";
}

const std::string* MailRendezvous::newest() const
{
    const auto latest =
        std::max_element(waiting_.begin(), waiting_.end(),
                         [](const auto& a, const auto& b) { return a.second.id < b.second.id; });
    return latest == waiting_.end() ? nullptr : &latest->first;
}

PageState MailRendezvous::page_state() const
{
    PageState state;
    state.to = options_.to;
    const std::string* const tag = newest();
    const Waiting* const waiting = tag ? &waiting_.at(*tag) : nullptr; // borrowed
    state.is_encrypted = correspondence_ != nullptr;
    if (waiting && (!state.is_encrypted || !waiting->sealed_text.empty())) {
        state.phase = PageState::Phase::asked;
        state.id = *tag;
        state.is_mailed = waiting->is_mailed;
        state.is_again = waiting->is_again;
        state.shortly = encode_request_shortly(waiting->request, link_port());
        state.request = encode_request(waiting->request, link_port());
        if (state.is_encrypted) {
            state.plain = state.shortly;
            state.request = state.shortly = waiting->sealed_text;
            state.contact = correspondence_->contact(options_.to);
            state.invitation = correspondence_->invitation(options_.to);
        }
    } else if (last_) {
        state.phase =
            last_->response.is_answer ? PageState::Phase::answered : PageState::Phase::refused;
        state.seconds =
            std::chrono::floor<std::chrono::seconds>(Clock::now() - last_->time).count();
        state.words = last_->response.error;
    }
    return state;
}

std::optional<std::string> MailRendezvous::find_tag(const DeliveredMail& mail,
                                                    const Message& message) const
{
    std::vector<std::string> recipients = {mail.recipient};
    for (const auto& [name, value] : message.header.fields)
        for (const char* trace : {"To", "Delivered-To", "X-Original-To", "Envelope-To"})
            if (equal_ignoring_case(name, trace))
                recipients.push_back(value);
    auto tag = pending_.find(message.header, recipients);
    // Some providers give our mails Message-IDs of their own. Then the link tells.
    for (const Text& text : message.texts)
        if (!tag)
            tag = pending_.find_linked(text.text);
    return tag;
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
    const auto waiting = waiting_.extract(tag);
    return waiting && broker_.respond(waiting.mapped().id, poll_response);
}
