#pragma once
#include "decide.hh"
#include "log.hh"
#include "quota.hh"
#include "record.hh"
#include "reply.hh"

#include <string>
#include <variant>

// Finds out what to reply, and asks the broker for it where that is needed: at most once for a mail
// that comes again, at most as often as the quota lets in. Each step is recorded before it is
// taken. Fills in the entry's attempts and broker time. Throws Failure("state").
std::variant<Ignore, Outcome> respond(const Decision& decision, const Settings& settings,
                                      const Quota& quota, Record& record, Clock::time_point until,
                                      LogEntry& entry);

// Hands the reply to sendmail and records it, so that it never goes out twice. Throws
// Failure("sendmail"): only where sendmail surely did not take it may the mail be answered when it
// comes again.
void send_once(const Settings::Reply& settings, const std::string& recipient,
               const std::string& reply, Clock::time_point until, Record& record);
