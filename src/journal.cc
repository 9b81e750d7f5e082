#include "journal.hh"

#include "failure.hh"

#include <array>
#include <string_view>

using std::chrono::system_clock;

namespace {

constexpr std::array<const char*, 6> stage_words = {"fresh",    "charged", "asked",
                                                    "composed", "sending", "done"};

// A word of another version says that the mail was here.
Stage stage_of(std::string_view word)
{
    for (std::size_t i = 0; i < stage_words.size(); ++i)
        if (word == stage_words[i])
            return Stage(i);
    return Stage::done;
}

std::string name_of(const std::string& sender, const std::string& identity)
{
    return sender + '\n' + identity;
}

} // namespace

Journal::Journal(Store& store, const Quota& quota, const std::string& sender,
                 const std::string& identity, const std::string& outer_identity)
    : store_(store), quota_(quota), mail_(name_of(sender, identity)),
      cover_(outer_identity.empty() ? mail_ : name_of(sender, outer_identity))
{
    store_.hold(mail_);
    if (const auto entry = store_.find_mail(mail_)) {
        stage_ = stage_of(entry->stage);
        reply_ = entry->reply;
    }
}

// Within a transaction.
void Journal::set(Stage stage)
{
    const Store::Entry entry = {stage_words[std::size_t(stage)], reply_};
    store_.set_mail(mail_, entry, system_clock::now());
    if (cover_ != mail_)
        store_.set_mail(cover_, entry, system_clock::now());
    stage_ = stage;
}

Quota::Verdict Journal::charge(Quota::Use use)
{
    Quota::Verdict verdict;
    store_.transact([&] {
        const auto now = system_clock::now();
        verdict = quota_.charge(store_, use, now);
        if (std::holds_alternative<Reason>(verdict))
            return;
        store_.forget_old(now);
        const bool is_refused = std::holds_alternative<Problem>(verdict);
        if (is_refused)
            reply_ = word_of(Reason::too_many_requests);
        set(is_refused ? Stage::composed : Stage::charged);
    });
    return verdict;
}

bool Journal::charge_another_proxy()
{
    bool is_charged = false;
    store_.transact([&] { is_charged = quota_.charge_another_proxy(store_, system_clock::now()); });
    return is_charged;
}

void Journal::set_asked()
{
    store_.transact([&] { set(Stage::asked); });
}

void Journal::set_composed(Reason reply, int unspent_proxies)
{
    reply_ = word_of(reply);
    store_.transact([&] {
        quota_.give_back(store_, unspent_proxies);
        set(Stage::composed);
    });
}

void Journal::set_sending()
{
    store_.transact([&] { set(Stage::sending); }, Store::Survives::power_loss);
}

void Journal::set_not_sent()
{
    store_.transact([&] { set(Stage::composed); });
}

void Journal::set_done()
{
    store_.transact([&] { set(Stage::done); });
}

std::optional<Reply> Journal::owed_reply(std::optional<Reply> in_mail) const
{
    if (stage_ == Stage::asked)
        return problem::interrupted;
    if (stage_ != Stage::composed)
        return in_mail;
    if (reply_ == word_of(Reason::too_many_requests))
        return quota_.refusal(store_, system_clock::now());
    if (const auto problem = problem_of_broker(reply_))
        return *problem;
    return in_mail ? in_mail : problem::interrupted;
}

std::optional<Reason> reason_to_leave_closed(Store& store, const Quota& quota,
                                             const std::string& sender,
                                             const std::string& outer_identity)
{
    if (const auto entry = store.find_mail(name_of(sender, outer_identity))) {
        const bool is_owed = stage_of(entry->stage) < Stage::sending;
        return is_owed ? std::nullopt : std::optional(Reason::duplicate);
    }
    std::optional<Reason> reason;
    store.transact(
        [&] { reason = quota.reason_for_silence(store, Quota::Use::proxy, system_clock::now()); });
    return reason;
}
