#pragma once
#include <cstddef>
#include <iterator>

// What becomes of a mail.
enum class Outcome {
    answered, // sendmail took a reply
    ignored,  // no reply goes out
    deferred  // a fault of this host: the mail system keeps the mail
};

// Every way in which the work on a mail can end. snowflake-mail(8) explains each, and a test
// compares the two.
enum class Reason {
    answer,
    help,
    contact,
    no_proxy,
    timed_out,
    broker_failed,
    rejected,
    stale,
    truncated,
    altered,
    malformed,
    more_than_data,
    unsupported_version,
    interrupted,
    no_key,
    unencrypted,
    too_many_requests,
    null_sender,
    bad_sender,
    bad_recipient,
    role_sender,
    auto_submitted,
    list,
    precedence,
    response_suppressed,
    autoresponder,
    report,
    own_address,
    loop,
    unauthenticated,
    no_request,
    undecryptable,
    duplicate,
    over_quota,
    over_host_quota,
    over_domain_quota,
    too_large,
    too_complex,
    reader_crashed,
    settings,
    usage,
    input,
    recipient,
    sendmail,
    state,
    openpgp,
    log,
    output,
    memory,
    library,
    internal // stays the last
};

struct ReasonRow {
    Reason reason;
    Outcome outcome;
    const char* word; // in the log line
};

inline constexpr ReasonRow reason_table[] = {
    {Reason::answer, Outcome::answered, "answer"},
    {Reason::help, Outcome::answered, "help"},
    {Reason::contact, Outcome::answered, "contact"},
    {Reason::no_proxy, Outcome::answered, "no-proxy"},
    {Reason::timed_out, Outcome::answered, "timed-out"},
    {Reason::broker_failed, Outcome::answered, "broker-failed"},
    {Reason::rejected, Outcome::answered, "rejected"},
    {Reason::stale, Outcome::answered, "stale"},
    {Reason::truncated, Outcome::answered, "truncated"},
    {Reason::altered, Outcome::answered, "altered"},
    {Reason::malformed, Outcome::answered, "malformed"},
    {Reason::more_than_data, Outcome::answered, "more-than-data"},
    {Reason::unsupported_version, Outcome::answered, "unsupported-version"},
    {Reason::interrupted, Outcome::answered, "interrupted"},
    {Reason::no_key, Outcome::answered, "no-key"},
    {Reason::unencrypted, Outcome::answered, "unencrypted"},
    {Reason::too_many_requests, Outcome::answered, "too-many-requests"},
    {Reason::null_sender, Outcome::ignored, "null-sender"},
    {Reason::bad_sender, Outcome::ignored, "bad-sender"},
    {Reason::bad_recipient, Outcome::ignored, "bad-recipient"},
    {Reason::role_sender, Outcome::ignored, "role-sender"},
    {Reason::auto_submitted, Outcome::ignored, "auto-submitted"},
    {Reason::list, Outcome::ignored, "list"},
    {Reason::precedence, Outcome::ignored, "precedence"},
    {Reason::response_suppressed, Outcome::ignored, "response-suppressed"},
    {Reason::autoresponder, Outcome::ignored, "autoresponder"},
    {Reason::report, Outcome::ignored, "report"},
    {Reason::own_address, Outcome::ignored, "own-address"},
    {Reason::loop, Outcome::ignored, "loop"},
    {Reason::unauthenticated, Outcome::ignored, "unauthenticated"},
    {Reason::no_request, Outcome::ignored, "no-request"},
    {Reason::undecryptable, Outcome::ignored, "undecryptable"},
    {Reason::duplicate, Outcome::ignored, "duplicate"},
    {Reason::over_quota, Outcome::ignored, "over-quota"},
    {Reason::over_host_quota, Outcome::ignored, "over-host-quota"},
    {Reason::over_domain_quota, Outcome::ignored, "over-domain-quota"},
    {Reason::too_large, Outcome::ignored, "too-large"},
    {Reason::too_complex, Outcome::ignored, "too-complex"},
    {Reason::reader_crashed, Outcome::ignored, "reader-crashed"},
    {Reason::settings, Outcome::deferred, "settings"},
    {Reason::usage, Outcome::deferred, "usage"},
    {Reason::input, Outcome::deferred, "input"},
    {Reason::recipient, Outcome::deferred, "recipient"},
    {Reason::sendmail, Outcome::deferred, "sendmail"},
    {Reason::state, Outcome::deferred, "state"},
    {Reason::openpgp, Outcome::deferred, "openpgp"},
    {Reason::log, Outcome::deferred, "log"},
    {Reason::output, Outcome::deferred, "output"},
    {Reason::memory, Outcome::deferred, "memory"},
    {Reason::library, Outcome::deferred, "library"},
    {Reason::internal, Outcome::deferred, "internal"},
};

static_assert(
    [] {
        for (std::size_t i = 0; i < std::size(reason_table); ++i)
            if (reason_table[i].reason != Reason(i))
                return false;
        return std::size(reason_table) == std::size_t(Reason::internal) + 1;
    }(),
    "the table has a row for each reason, in their order");

constexpr Outcome outcome_of(Reason reason) { return reason_table[std::size_t(reason)].outcome; }

constexpr const char* word_of(Reason reason) { return reason_table[std::size_t(reason)].word; }

constexpr const char* word_of(Outcome outcome)
{
    return outcome == Outcome::answered  ? "answered"
           : outcome == Outcome::ignored ? "ignored"
                                         : "deferred";
}
