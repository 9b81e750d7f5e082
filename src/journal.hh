#pragma once
#include "quota.hh"
#include "reply.hh"
#include "store.hh"

#include <optional>
#include <string>

// How far the work on one mail has come, in this order.
enum class Stage {
    fresh,    // never seen, or nothing was charged
    charged,  // the sender's quota has paid
    asked,    // the broker was asked: a proxy may be gone, and its answer was not kept
    composed, // there is a reply, of which the reason is kept
    sending,  // sendmail was started: the reply may be out
    done      // sendmail took the reply
};

// The journal of one mail. While this lives, a second delivery of the mail waits for the first.
// When the mail comes again, its journal tells where the work goes on: nothing is charged twice, no
// second proxy is spent, and no second reply is sent. Throws as the store does.
class Journal {
  public:
    // `identity` is mail_identity(); `outer_identity` that of the cover, if the mail was encrypted.
    // The store and the quota are borrowed, and must outlive it.
    Journal(Store& store, const Quota& quota, const std::string& sender,
            const std::string& identity, const std::string& outer_identity = "");

    Stage stage() const { return stage_; }

    // A refusal is composed at once. With a reason nothing is written, and the mail stays fresh.
    Quota::Verdict charge(Quota::Use use);
    // For the second proxy of a mail. False: the quota has none.
    bool charge_another_proxy();

    void set_asked();
    // Gives back what was charged for proxies that were not spent.
    void set_composed(Reason reply, int unspent_proxies);
    // Outlives a power loss.
    void set_sending();
    // After set_sending(), when sendmail has surely not sent the reply.
    void set_not_sent();
    void set_done();

    // What an earlier delivery of the mail owes: the reply that it composed, or what takes the
    // place of an answer that was lost. `in_mail` is the reply that needs no broker; with no reply
    // at all the broker is to be asked.
    std::optional<Reply> owed_reply(std::optional<Reply> in_mail) const;

  private:
    void set(Stage stage);

    Store& store_;
    const Quota& quota_;
    std::string mail_, cover_; // the cover's stage is kept, too: it needn't be opened again
    Stage stage_ = Stage::fresh;
    std::string reply_; // its reason's word
};

// Why an encrypted mail needn't be decrypted, whatever is in it: it is answered, or its sender is
// over quota and told so. None: it must be, also for the reply that an earlier delivery owes.
std::optional<Reason> reason_to_leave_closed(Store& store, const Quota& quota,
                                             const std::string& sender,
                                             const std::string& outer_identity);
