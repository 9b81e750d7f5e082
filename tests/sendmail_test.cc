#include "helpers.hh"
#include "sendmail.hh"

#include <array>
#include <csignal>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <poll.h>
#include <unistd.h>

using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

// A program that stands in for sendmail, in a directory of its own, where it may write down what it
// was given.
struct Stand {
    explicit Stand(const std::string& script)
    {
        std::signal(SIGPIPE, SIG_IGN); // as main() has it
        REQUIRE(mkdtemp(directory.data()));
        std::ofstream(program()) << "#!/bin/sh\ncd " << directory << "\n" << script << "\n";
        fs::permissions(program(), fs::perms::owner_all);
    }
    ~Stand() { fs::remove_all(directory); }
    Stand(const Stand&) = delete;
    Stand& operator=(const Stand&) = delete;

    std::string program() const { return directory + "/sendmail"; }
    std::string read(const std::string& name) const
    {
        std::ifstream stream(directory + "/" + name);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    // "not sent: ..." when the mail is surely not on its way, "failed: ..." when it may be, ""
    // when it is.
    std::string send(const std::string& mail, const std::string& path = "",
                     const std::string& recipient = "user@example.net",
                     Clock::duration limit = 10s) const
    try {
        send_mail(program(), path, recipient, mail, Clock::now() + limit);
        return "";
    } catch (const NotSent& failure) {
        return std::string("not sent: ") + failure.what();
    } catch (const Failure& failure) {
        return std::string("failed: ") + failure.what();
    }

    std::string directory = fs::temp_directory_path() / "snowflake-mail.XXXXXX";
};

const std::string record = "printf '%s|' \"$#\" \"$@\" > argv; cat > mail",
                  mail = "Subject: a\n\nbody\n.\n\xff\n", large(500000, 'x');

} // namespace

TEST_CASE(
    "RFC 3834 3.3: sendmail gets -i -f RETURN-PATH -- RECIPIENT, whatever the addresses look "
    "like, and the mail as it is")
{
    const Stand stand(record);
    CHECK(stand.send(mail) == "");
    CHECK(stand.read("argv") == "5|-i|-f||--|user@example.net|");
    CHECK(stand.read("mail") == mail);
    for (const std::string address : {"-t@example.net", "--", "o'brien@example.net", "$(touch x)@a",
                                      "a;b|c&d`id`@a", "*", "müller@a"}) {
        CAPTURE(address);
        CHECK(stand.send(large, address, address) == "");
        CHECK(stand.read("argv") == "5|-i|-f|" + address + "|--|" + address + "|");
        CHECK(stand.read("mail") == large);
    }
}

TEST_CASE(
    "a sendmail that fails, crashes or can't be started is a fault of this host, and is named "
    "without a person")
{
    CHECK(Stand("cat > mail; echo user@example.net >&2; exit 75").send(mail) ==
          "not sent: sendmail failed with exit status 75");
    CHECK(Stand("exit 3").send(large) == "not sent: sendmail failed with exit status 3");
    CHECK(Stand("cat > mail; kill -KILL $$").send(mail) ==
          "failed: sendmail was killed by signal 9");
    const Stand stand("chmod 600 sendmail");
    CHECK(stand.send(large) == ""); // reads nothing, but says that all is well
    CHECK(stand.send(mail) == "not sent: sendmail can't be started: Permission denied");
    fs::remove(stand.program());
    CHECK(stand.send(mail) == "not sent: sendmail can't be started: No such file or directory");
}

TEST_CASE("a sendmail that hangs is killed in time with all that it has started")
{
    for (const std::string script :
         {"exec 0<&-; sleep 20", "cat > mail; sleep 20", "sleep 20 & sleep 20 & wait",
          "trap '' TERM INT HUP; sleep 20"}) {
        CAPTURE(script);
        std::array<int, 2> alive; // its writing end is open as long as one of them lives
        REQUIRE(pipe(alive.data()) == 0);
        const auto start = Clock::now();
        CHECK(Stand(script).send(large, "", "user@example.net", 150ms) ==
              "failed: sendmail did not finish in time");
        CHECK(Clock::now() - start < 5s);
        close(alive[1]);
        CHECK(wait_for(alive[0], POLLIN, Clock::now() + 5s));
        close(alive[0]);
    }
}

TEST_CASE(
    "sendmail has the signals of a fresh process, whatever ours are, and leaves no descriptor "
    "behind")
{
    const auto descriptors = [] {
        return std::distance(fs::directory_iterator("/proc/self/fd"), {});
    };
    const auto before = descriptors();
    sigset_t blocked, old;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    sigprocmask(SIG_BLOCK, &blocked, &old);
    CHECK(Stand("cat > mail; kill -TERM $$; exit 0").send(mail) ==
          "failed: sendmail was killed by signal 15");
    sigprocmask(SIG_SETMASK, &old, nullptr);
    CHECK(Stand("cat > mail; kill -PIPE $$; exit 0").send(mail) ==
          "failed: sendmail was killed by signal 13");
    CHECK(descriptors() == before);
}
