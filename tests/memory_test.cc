// Where the n-th malloc fails, for each n: a result is the right one, or there is none.
#include "charset.hh"
#include "helpers.hh"
#include "poll.hh"
#include "silence.hh"

#include <cerrno>
#include <cstdlib>
#include <doctest/doctest.h>
#include <new>
#include <optional>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

// Sanitizers have a malloc of their own.
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace {

long until_failure = 0; // mallocs, the failing one included; 0: none fails

} // namespace

extern "C" void* __libc_malloc(std::size_t size);

extern "C" void* malloc(std::size_t size) noexcept
{
    if (until_failure > 0 && --until_failure == 0) {
        errno = ENOMEM;
        return nullptr;
    }
    return __libc_malloc(size);
}

namespace {

// How often `action` threw for want of memory, until it needed no malloc more.
template <class Action> int failures_of(Action action)
{
    const auto wanted = action();
    int failures = 0;
    bool has_failed = true;
    for (long n = 1; has_failed && n < 1000; ++n) {
        until_failure = n;
        try {
            const auto result = action();
            has_failed = until_failure == 0;
            until_failure = 0;
            CHECK(result == wanted);
        } catch (const std::bad_alloc&) {
            ++failures;
        } catch (const Failure& failure) {
            CHECK(failure.reason == Reason::memory);
            ++failures;
        }
        until_failure = 0;
    }
    CHECK_FALSE(has_failed);
    return failures;
}

const std::string description = R"({\"type\":\"offer\",\"sdp\":\"v=0, longer than 16\"})";

} // namespace

TEST_CASE("a poll message that there is no memory for is not taken for another text")
{
    const std::string json =
        R"({"a field of another name":"with a long value","offer":")" + description + "\"}";
    CHECK(failures_of([&] { return parse_poll_request(json).value(); }) > 20);
    CHECK(failures_of([&] { return is_json_object(json); }) > 20);
    CHECK(failures_of([&] { return write_poll_request({json, "restricted", ""}); }) > 10);
    CHECK(failures_of([&] {
              return parse_poll_response(R"({"error":"more than 16 octets"})")->error;
          }) > 10);
}

TEST_CASE("a text in a charset that there is no memory for is not taken for another text")
{
    CHECK(failures_of([] { return to_utf8("+AHs-, and more than 16 octets", "utf-7"); }) > 0);
    // A process loads a charset's module once, so each try has a process of its own.
    enum Result { right, wrong, failed, needed_less };
    const auto result_of_loading = [](long n) {
        until_failure = n;
        try {
            const std::string text = to_utf8("a\xa1, and more than 16 octets", "iso-8859-14");
            const bool has_failed = until_failure == 0;
            until_failure = 0;
            if (text != "a\u1e02, and more than 16 octets")
                return wrong;
            return has_failed ? right : needed_less;
        } catch (const std::bad_alloc&) {
            return failed;
        } catch (const Failure&) {
            return failed;
        }
    };
    long n = 0;
    for (int status = 0; n < 1000 && WEXITSTATUS(status) != needed_less;) {
        ++n;
        const pid_t child = fork();
        REQUIRE(child >= 0);
        if (child == 0)
            _exit(result_of_loading(n));
        REQUIRE(waitpid(child, &status, 0) == child);
        CAPTURE(n);
        CHECK(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) != wrong);
    }
    CHECK(n > 10);
    CHECK(n < 1000);
}

TEST_CASE("a header that there is no memory for is not taken for another one")
{
    Settings settings;
    settings.auth.authserv_ids = {"the.mail.host.example.org"};
    settings.auth.require = Settings::Auth::Require::dkim;
    Mail mail;
    mail.request = PollRequest{};
    mail.header.from = {"user@the.sending.host.example.net"};
    mail.header.fields = {
        {"Received", "from the.sending.host.example.net by the.mail.host.example.org; a date"},
        {"Authentication-Results",
         "the.mail.host.example.org; dkim=pass header.d=the.sending.host.example.net"}};
    const Envelope envelope = {"user@the.sending.host.example.net", "snowflake@example.org"};
    const auto silence = [&] { return reason_for_silence(envelope, mail, settings, false); };
    CHECK_FALSE(silence());
    CHECK(failures_of(silence) > 5);
    mail.header.fields.push_back(
        {"X-Auto-Response-Suppress", "OOF (more than 16 octets), AutoReply"});
    CHECK(silence() == Reason::response_suppressed);
    CHECK(failures_of(silence) > 1);
}

#endif

TEST_CASE("a text in a charset that there are no descriptors for is not taken for another text")
{
    const auto text = [] { return to_utf8("a\xff, \xa5", "iso-8859-16"); }; // no other test has it
    rlimit usual = {};
    REQUIRE(getrlimit(RLIMIT_NOFILE, &usual) == 0);
    const int next = dup(STDERR_FILENO);
    close(next);
    const rlimit none = {static_cast<rlim_t>(next), usual.rlim_max};
    REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
    const std::string failure = failure_of(text);
    REQUIRE(setrlimit(RLIMIT_NOFILE, &usual) == 0);
    CHECK(failure == "memory: a charset can't be loaded: Too many open files");
    CHECK(text() == "a\u00ff, \u201e");
}
