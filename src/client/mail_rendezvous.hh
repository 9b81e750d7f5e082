#pragma once
#include "client/client_options.hh"
#include "client/handover.hh"
#include "client/local_broker.hh"
#include "client/page.hh"
#include "client/pause.hh"
#include "client/pending.hh"
#include "client/response.hh"
#include "header.hh"
#include "poll.hh"

#include <map>
#include <memory>
#include <optional>
#include <string>

class Correspondence;

// Why a request was not mailed.
struct NotMailed {
    std::string what;
    std::string words; // sendmail's own
};

// Snowflake's rendezvous, by mail: a poll request goes out as a mail, and the mail that answers it
// comes back as the poll response. Sendmail sends the mails, or the person does, by a page that
// takes the answers too. Says on stdout what happens. Lives in the thread of GLib's
// main loop.
class MailRendezvous {
  public:
    // Listens from now on. `options` is borrowed. Throws ClientFailure when it can't listen, or
    // when the sendmail isn't there.
    explicit MailRendezvous(const ClientOptions& options);
    ~MailRendezvous();

    unsigned port() const { return broker_.port(); } // where Snowflake finds it

  private:
    // The life of a request: Snowflake asks, sendmail is done (or failed: `fault`), and then the
    // time is over, or Snowflake hangs up, or a mail comes.
    void ask_by_mail(LocalBroker::Id id, const PollRequest& request);
    // To sendmail or to the person.
    void hand_out(const std::string& tag, const PollRequest& request);
    void mail(const std::string& tag, const PollRequest& request);
    // Encrypts the request for the page, and then hands it out.
    void seal_text(const std::string& tag, const PollRequest& request);
    void mailed(const std::string& tag, const std::optional<NotMailed>& fault);
    void give_up(const std::string& tag);
    void hung_up(LocalBroker::Id id);
    // True when the mail is a response, of any use or none. Every other mail is the person's own.
    bool take(const DeliveredMail& mail);
    // The same where the service has a key: what it has not encrypted and signed is no response.
    bool take_sealed(const DeliveredMail& mail, bool is_named, Clock::time_point until);
    // Reads what the service has signed.
    std::variant<MailedResponse, Unread> read_signed(std::string_view octets,
                                                     Clock::time_point until) const;

    std::optional<std::string> find_tag(const DeliveredMail& mail, const Message& message) const;
    bool take_response(const MailedResponse& mailed);
    // What became of a text that the person pasted, in the words of the page.
    std::string_view take_pasted(const std::string& text);
    std::string_view take_pasted_response(const MailedResponse& mailed);
    // The same where the service has a key. None: nothing is encrypted in the text.
    std::optional<std::string_view> take_sealed_text(const std::string& text,
                                                     Clock::time_point until);
    void hand_on(const PollResponse& response, const MailedResponse& mailed);
    PageState page_state() const;
    const std::string* newest() const; // the tag of the latest request that waits; borrowed
    unsigned link_port() const;        // where links in the replies shall lead; 0: there are none
    void describe(const PollResponse& response, const MailedResponse& mailed) const;
    // True when it says now why no mail goes out.
    bool is_paused(LocalBroker::Id id, const PollRequest& request);
    // False when Snowflake doesn't wait any more.
    bool respond(const std::string& tag, const std::string& poll_response,
                 PendingRequests::State state);

    const ClientOptions& options_; // borrowed
    PendingRequests pending_;
    Pause pause_;
    bool is_pause_said_ = false;
    struct Waiting {
        LocalBroker::Id id;
        PollRequest request;
        bool is_mailed;          // by sendmail, or will be
        bool is_again;           // Snowflake has had an answer shortly before
        std::string sealed_text; // "": the page has nothing to show yet, or it isn't encrypted
    };
    std::map<std::string, Waiting> waiting_; // by tag
    struct Outcome {
        Clock::time_point time;
        PollResponse response;
    };
    std::optional<Outcome> last_; // of the last request; none: it had no response
    // Gone when this object is. Timers and threads hold a weak_ptr to it, and look at that first.
    std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
    std::shared_ptr<Correspondence> correspondence_; // nullptr: mails aren't encrypted
    LocalBroker broker_;
    Handover handover_;
};
