#include "client/mail_rendezvous.hh"

#include "../temporary_directory.hh"
#include "client/client_failure.hh"
#include "helpers.hh"

#include <csignal>
#include <doctest/doctest.h>
#include <fstream>
#include <iterator>
#include <pthread.h>
#include <sys/stat.h>

namespace fs = std::filesystem;

namespace {

// The options, and a sendmail that is a shell script, in a directory of its own.
struct Person {
    TemporaryDirectory there;
    ClientOptions options;

    explicit Person(const std::string& script)
    {
        std::signal(SIGPIPE, SIG_IGN); // as main() has it
        options.to = "snowflake@example.org";
        options.from = "me@example.net";
        options.port = 0;
        options.sockets = {there.path + "/socket"};
        options.sendmail = there.path + "/sendmail";
        std::ofstream(options.sendmail) << "#!/bin/sh\ncd " << there.path << "\n" << script << "\n";
        fs::permissions(options.sendmail, fs::perms::owner_all);
    }
    std::string read(const std::string& name) const
    {
        std::ifstream stream(there.path + "/" + name);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
};

// A good request, its response, and the lines on stdout until then.
struct Exchange {
    std::string response, said;

    explicit Exchange(unsigned port)
    {
        HttpPeer peer(port);
        peer.send(poll_request);
        said = said_during([&] { iterate_until([&] { return peer.has("\r\n0\r\n\r\n"); }); });
        response = peer.received();
    }
    bool has(const std::string& text) const { return response.find(text) != std::string::npos; }
};

// Threads get a stack of this size from now on.
struct StackSize {
    pthread_attr_t before, changed;
    explicit StackSize(std::size_t size)
    {
        pthread_getattr_default_np(&before);
        pthread_attr_init(&changed);
        pthread_attr_setstacksize(&changed, size);
        pthread_setattr_default_np(&changed);
    }
    ~StackSize() { pthread_setattr_default_np(&before); }
};

std::ptrdiff_t count_threads()
{
    return std::distance(fs::directory_iterator("/proc/self/task"), {});
}

const std::string not_mailed = R"({"error":"the request could not be mailed"})";

} // namespace

TEST_CASE("a request goes out as a mail, and the mail that answers it comes back as the response")
{
    const Person person("cat > new; mv new mail");
    const MailRendezvous rendezvous(person.options);
    HttpPeer peer(rendezvous.port());
    std::string said = said_during([&] {
        peer.send(poll_request);
        iterate_until([&] { return fs::exists(person.there.path + "/mail"); });
    });
    const std::string mail = person.read("mail");
    const auto start = mail.find("Message-ID: ");
    REQUIRE(start != std::string::npos);
    const std::string identity = mail.substr(start + 12, mail.find('\n', start) - start - 12);
    bool is_taken = false;
    said += said_during([&] {
        is_taken = meanwhile([&] {
            return hand_over(person.options.sockets.front(),
                             {"", "", "In-Reply-To: " + identity + "\n\n" + poll_answer + "\n"});
        });
        iterate_until([&] { return peer.has("\r\n0\r\n\r\n"); });
    });
    CHECK(is_taken);
    CHECK(peer.has(poll_answer));
    CHECK(said.find("answer after ") != std::string::npos);
    CHECK_FALSE(meanwhile([&] {
        return hand_over(person.options.sockets.front(), {"", "", "From: friend@example.com\n\n"});
    }));
}

TEST_CASE("a sendmail that fails is said, in its own words, and Snowflake is told at once")
{
    {
        const Person person("exit 3");
        const MailRendezvous rendezvous(person.options);
        const Exchange exchange(rendezvous.port());
        CHECK(exchange.has(not_mailed));
        CHECK(exchange.said == "not mailed: sendmail failed with exit status 3\n");
    }
    const Person person("echo account default not found; printf 'a\\033[2J\\nb' >&2; exit 78");
    const MailRendezvous rendezvous(person.options);
    const Exchange exchange(rendezvous.port());
    CHECK(exchange.has(not_mailed));
    CHECK(exchange.said ==
          "not mailed: sendmail failed with exit status 78\n"
          "sendmail says: account default not found\n"
          "sendmail says: a?[2J\nsendmail says: b\n");
}

TEST_CASE("of a sendmail that says much, five lines are shown")
{
    const Person person("yes no | head -c 1000000; exit 1");
    const MailRendezvous rendezvous(person.options);
    const Exchange exchange(rendezvous.port());
    std::string expected = "not mailed: sendmail failed with exit status 1\n";
    for (int line = 0; line < 5; ++line)
        expected += "sendmail says: no\n";
    CHECK(exchange.said == expected);
}

TEST_CASE("a sendmail that isn't there is named at the start, with the cure")
{
    Person person("");
    for (const std::string& name :
         {std::string("/nowhere/sendmail"), person.there.path, std::string("no-such-sendmail")}) {
        person.options.sendmail = name;
        std::string said;
        try {
            const MailRendezvous rendezvous(person.options);
        } catch (const ClientFailure& failure) {
            said = failure.what();
        }
        CHECK(said == name +
                          " is not there, or no program. Install a mail system that has "
                          "sendmail, such as msmtp-mta, or name another one with --sendmail");
    }
}

TEST_CASE("without an address of the person's it says at the start what that means")
{
    Person person("");
    person.options.from = "";
    CHECK(said_during([&] { const MailRendezvous rendezvous(person.options); }) ==
          "without --from, sendmail says whom the answers go to; if none comes, give your own "
          "address with --from\n");
    person.options.from = "me@example.net";
    CHECK(said_during([&] { const MailRendezvous rendezvous(person.options); }) == "");
}

TEST_CASE("a thread that can't be started is said, and Snowflake is told at once; then all is well")
{
    const Person person("exit 3");
    const MailRendezvous rendezvous(person.options);
    CHECK(Exchange(rendezvous.port()).has(not_mailed)); // GLib has started its own thread then
    {
        const StackSize more_than_there_is(std::size_t(1) << 47);
        const Exchange exchange(rendezvous.port());
        CHECK(exchange.has(not_mailed));
        CHECK(exchange.said == "not mailed: Resource temporarily unavailable\n");
    }
    const Exchange exchange(rendezvous.port());
    CHECK(exchange.said == "not mailed: sendmail failed with exit status 3\n");
}

TEST_CASE("no more mails than the limit: Snowflake is told")
{
    Person person("exit 3");
    person.options.per_minute = 1;
    const MailRendezvous rendezvous(person.options);
    CHECK(Exchange(rendezvous.port()).has(not_mailed));
    const Exchange exchange(rendezvous.port());
    CHECK(exchange.has(R"({"error":"too many requests by mail; wait a minute"})"));
    CHECK(exchange.said == "not mailed: more than 1 mails a minute\n");
}

TEST_CASE("a sendmail that is done when nobody waits any more does no harm")
{
    const Person person("touch begun; cat > /dev/null; read line < end");
    REQUIRE(mkfifo((person.there.path + "/end").c_str(), 0600) == 0);
    const auto threads = count_threads();
    auto rendezvous = std::make_unique<MailRendezvous>(person.options);
    HttpPeer peer(rendezvous->port());
    peer.send(poll_request);
    REQUIRE(
        iterate_until([&] { return peer.has("") && fs::exists(person.there.path + "/begun"); }));
    rendezvous.reset();
    std::ofstream(person.there.path + "/end") << "\n";
    const std::string said = said_during([&] {
        iterate_until([&] { return count_threads() <= threads; });
        run_what_waits();
    });
    CHECK(count_threads() <= threads);
    CHECK(said == "");
}
