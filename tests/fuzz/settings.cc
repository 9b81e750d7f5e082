// The settings file.
#include "settings.hh"
#include "address.hh"
#include "checks.hh"
#include "failure.hh"

namespace {

Settings read(const std::string& text)
{
    try {
        return parse_settings(text, "snowflake-mail.conf");
    } catch (const Failure& failure) {
        check(failure.reason == Reason::settings, "what is wrong is the settings");
        const std::string line = failure.what();
        check(!line.empty() && !has_control(line), "what is wrong is told in one line");
        return {};
    }
}

} // namespace

void fuzz(std::string_view input)
{
    using namespace std::chrono_literals;
    const Settings settings = read(std::string(input));
    const auto& broker = settings.broker;
    const auto& reply = settings.reply;
    const auto& limits = settings.limits;
    check(broker.url.starts_with("http") && broker.url.ends_with('/'), "the URL is one");
    check(broker.attempts >= 1 && broker.attempts <= 10, "attempts are bounded");
    check(broker.timeout >= 1s && broker.timeout <= 60s, "the timeout is bounded");
    check(limits.deadline >= 10s && limits.deadline <= 900s, "the deadline is bounded");
    check(limits.max_size >= 1024, "some mails are not too large");
    check(reply.sendmail.starts_with('/'), "sendmail is an absolute path");
    check(!reply.subject.empty() && !has_control(reply.subject), "the subject is one line");
    check(reply.from.empty() || is_sendable(mailbox_address(reply.from)), "From is an address");
    check(reply.return_path.empty() || is_sendable(reply.return_path), "so is the return path");
}
