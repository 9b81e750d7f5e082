#include "respond.hh"

#include "broker.hh"
#include "help.hh"
#include "sendmail.hh"

std::variant<Ignore, Outcome> respond(const Decision& decision, const Settings& settings,
                                      const Quota& quota, Record& record, Clock::time_point until,
                                      LogEntry& entry)
{
    if (const auto* silence = std::get_if<Ignore>(&decision))
        return *silence;
    if (record.stage() == Stage::sending || record.stage() == Stage::done)
        return Ignore{"duplicate"};
    if (record.stage() == Stage::asked) // no second proxy for it; and the quota has been charged
        return problem::interrupted;
    std::optional<std::string> text;
    if (const auto* help = std::get_if<OfferHelp>(&decision)) {
        text = read_help(settings.reply.texts, help->languages);
        if (!text || !quota.charge_help())
            return Ignore{"no-request"};
    }
    if (const char* limit = quota.charge()) // for every reply, and for none that isn't made
        return Ignore{limit};
    if (text)
        return Help{*text};
    if (const auto* problem = std::get_if<Problem>(&decision))
        return *problem;

    record.set(Stage::asked);
    const auto start = Clock::now();
    Rendezvous rendezvous = ask_broker(std::get<PollRequest>(decision), settings.broker, until,
                                       [&] { return !quota.charge(); });
    entry.broker = time_since(start);
    entry.attempts = rendezvous.attempts;
    return std::visit([](auto& outcome) -> Outcome { return std::move(outcome); },
                      rendezvous.outcome);
}

void send_once(const Settings::Reply& settings, const std::string& recipient,
               const std::string& reply, Clock::time_point until, Record& record)
{
    const Stage stage_before = record.stage();
    record.set(Stage::sending);
    try {
        send_mail(settings.sendmail, settings.return_path, recipient, reply, until);
    } catch (const NotSent&) {
        record.set(stage_before);
        throw;
    }
    settle_deadline();
    record.set(Stage::done);
}
