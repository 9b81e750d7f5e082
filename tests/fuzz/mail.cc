// libFuzzer over the whole path from a mail's bytes to the reply, all of it but the broker and
// sendmail. `make fuzz` builds and runs it.
#include "envelope.hh"
#include "lines.hh"
#include "mail.hh"
#include "poll.hh"
#include "problem.hh"
#include "recover/sdp.hh"
#include "reply_mail.hh"
#include "silence.hh"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>

namespace {

void check(bool holds, const char* what)
{
    if (holds)
        return;
    std::fprintf(stderr, "not so: %s\n", what);
    std::abort();
}

void check_request(const PollRequest& request)
{
    const std::string written = write_poll_request(request);
    check(written.starts_with("1.0\n"), "a request begins with its version");
    check(std::all_of(written.begin() + 4, written.end(), [](char c) { return c >= ' '; }),
          "a request is one line of ASCII");
    check(parse_poll_request(std::string_view(written).substr(4)) == request,
          "what the broker is sent is the request, and valid");
    check(is_sound_sdp(sdp_of(request), Certainty::exact),
          "nothing in its session description speaks of damage");
}

void check_reply(std::string_view reply)
{
    constexpr std::string_view known =
        " From To Subject Date Message-Id In-Reply-To References Auto-Submitted Expires "
        "MIME-Version Content-Type "
        "Content-Transfer-Encoding X-Auto-Response-Suppress ";
    std::set<std::string> seen;
    bool in_header = true;
    while (!reply.empty()) {
        const std::string_view line = without_line_feed(take_line(reply));
        check(line.size() <= 998, "no line of a reply is longer than 998 octets"); // RFC 5322 2.1.1
        in_header = in_header && !line.empty();
        if (!in_header)
            continue;
        check(std::none_of(line.begin(), line.end(),
                           [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == '\x7f'; }),
              "no header field of a reply has control characters");
        if (line[0] == ' ' || line[0] == '\t')
            continue;
        const std::string name(line.substr(0, line.find(':')));
        check(known.find(' ' + name + ' ') != known.npos, "a reply has no header field but ours");
        check(seen.insert(name).second, "a reply has each header field once");
    }
    check(!in_header, "a reply has a body");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const Mail mail = read_mail({reinterpret_cast<const char*>(data), size});
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
        check_request(*request);
    const std::string from = service_address(envelope, settings.reply);
    check_reply(
        write_reply_mail(reply, from, envelope.sender, mail.header, settings.reply.subject, now));
    return 0;
}
