// The whole path from a mail's octets to the reply, all of it but the broker and sendmail.
#include "mail.hh"
#include "checks.hh"
#include "envelope.hh"
#include "language.hh"
#include "problem.hh"
#include "recover/sdp.hh"
#include "reply_mail.hh"
#include "reply_text.hh"
#include "silence.hh"

namespace {

void check_found(const PollRequest& request)
{
    check_request(request);
    check(is_sound_sdp(sdp_of(request), Certainty::exact),
          "nothing in its session description speaks of damage");
}

} // namespace

void fuzz(std::string_view input)
{
    const Mail mail = read_mail(input);
    const auto now = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000));
    Settings settings;
    settings.limits.max_age = std::chrono::seconds(0);
    settings.auth.authserv_ids = {"mx.example.org"};

    Options options;
    options.recipient = "snowflake@example.org";
    const Environment environment = [](const char*) -> const char* { return nullptr; };
    Envelope envelope = find_envelope(options, environment, mail.header);
    // A mail that is ignored is answered too, here alone: its header is as hostile as any.
    if (reason_for_silence(envelope, mail, settings, false))
        envelope.sender = "user@example.net";
    Reply reply = Answer{R"({"answer":"{\"type\":\"answer\",\"sdp\":\"v=0\\r\\n\"}"})", now};
    if (const auto problem = problem_of_request(mail, settings.limits.max_age, now))
        reply = *problem;
    if (const auto* request = std::get_if<PollRequest>(&mail.request))
        check_found(*request);
    const std::string from = service_address(envelope, settings.reply);
    check_reply(write_reply_mail(
        reply,
        write_reply_text(
            reply, mail.request, "https://example.org/",
            read_sentences("contrib/help", preferred_languages(mail.header, mail.language))),
        from, envelope.sender, mail.header, settings.reply.subject, now));
}
