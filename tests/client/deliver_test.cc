#include "client/deliver.hh"

#include "../temporary_directory.hh"
#include "client/handover.hh"
#include "failure.hh"
#include "helpers.hh"

#include <csignal>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <unistd.h>

namespace {

using Environment = std::map<std::string, std::string>;

const std::string mail =
    std::string("From: friend@example.com\r\n\nHello\0\n", 34) + std::string(200000, 'x');

// deliver() with `bytes` on stdin and, of the variables that it knows, those of `environment`.
int deliver_mail(const ClientOptions& options, const Environment& environment = {},
                 const std::string& bytes = mail)
{
    for (const char* name : {"SENDER", "ORIGINAL_RECIPIENT", "ORIG_RECIPIENT", "RECIPIENT", "LOCAL",
                             "LOCAL_PART", "AGENT", "PROCMAIL_VERSION", "MAILFILTER"})
        unsetenv(name);
    for (const auto& [name, value] : environment)
        setenv(name.c_str(), value.c_str(), 1);
    std::signal(SIGPIPE, SIG_IGN); // as main() has it
    const TemporaryDirectory there;
    std::ofstream(there.path + "/mail") << bytes;
    const Fd own(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
    const Fd file(open((there.path + "/mail").c_str(), O_RDONLY | O_CLOEXEC));
    dup2(file.get(), STDIN_FILENO);
    const auto restore = [&] {
        own.get() < 0 ? close(STDIN_FILENO) : dup2(own.get(), STDIN_FILENO);
    };
    try {
        const int status = deliver(options);
        restore();
        return status;
    } catch (...) {
        restore();
        throw;
    }
}

ClientOptions options_with(std::vector<std::string> sockets, std::vector<std::string> command = {})
{
    ClientOptions options;
    options.mode = ClientOptions::Mode::deliver;
    options.sockets = std::move(sockets);
    options.command = std::move(command);
    return options;
}

std::string content_of(const std::string& path)
{
    std::ifstream stream(path);
    return {std::istreambuf_iterator<char>(stream), {}};
}

const std::vector<std::string> nowhere = {"/nowhere/socket"};

} // namespace

TEST_CASE("a mail that the running client takes is dealt with, and no command runs")
{
    const TemporaryDirectory there;
    DeliveredMail seen;
    const Handover handover(there.path + "/socket", [&](const DeliveredMail& one) {
        seen = one;
        return true;
    });
    const auto options = options_with({"/nowhere/socket", there.path + "/socket"},
                                      {"touch", there.path + "/command-ran"});
    CHECK(meanwhile([&] {
              return deliver_mail(options, {{"SENDER", "snowflake@example.org"},
                                            {"ORIG_RECIPIENT", "me+tag@example.net"},
                                            {"RECIPIENT", "me@example.net"}});
          }) == exit_done);
    CHECK((seen.bytes == mail));
    CHECK(seen.sender == "snowflake@example.org");
    CHECK(seen.recipient == "me+tag@example.net");
    CHECK_FALSE(std::filesystem::exists(there.path + "/command-ran"));
}

TEST_CASE("a mail that is not taken goes to the command untouched, and its status is passed on")
{
    const TemporaryDirectory there;
    const Handover handover(there.path + "/socket", [](const DeliveredMail&) { return false; });
    const std::string copy = there.path + "/copy";
    for (const std::vector<std::string>& sockets : {nowhere, {there.path + "/socket"}}) {
        const auto options =
            options_with(sockets, {"sh", "-c", "cat > \"$1\"; exit 7", "sh", copy});
        CHECK(meanwhile([&] { return deliver_mail(options); }) == 7);
        CHECK((content_of(copy) == mail));
        std::filesystem::remove(copy);
    }
    auto beside = options_with(nowhere, {"sh", "-c", "exit 7"});
    beside.beside = true;
    CHECK(deliver_mail(beside) == 7);
    CHECK(deliver_mail(options_with(nowhere, {"true"}), {{"LOCAL", "me"}}) == 0);
}

TEST_CASE("a mail larger than an answer is not offered, and is none: it goes on as any other")
{
    const TemporaryDirectory there;
    bool is_offered = false;
    const Handover handover(there.path + "/socket", [&](const DeliveredMail&) {
        is_offered = true;
        return true;
    });
    const std::string large(largest_answer_mail + 1, 'x'), copy = there.path + "/copy";
    const std::vector<std::string> sockets = {there.path + "/socket"};
    const auto command = options_with(sockets, {"sh", "-c", "cat > \"$1\"; exit 7", "sh", copy});
    CHECK(meanwhile([&] { return deliver_mail(command, {}, large); }) == 7);
    CHECK((content_of(copy) == large));
    CHECK(meanwhile([&] { return deliver_mail(options_with(sockets), {}, large); }) ==
          EXIT_FAILURE);
    CHECK_FALSE(is_offered);
}

TEST_CASE("a command that is killed or can't be started is a fault: the mail must come again")
{
    CHECK(deliver_mail(options_with(nowhere, {"sh", "-c", "kill -KILL $$"})) == exit_try_again);
    CHECK_THROWS_WITH(deliver_mail(options_with(nowhere, {"/nowhere/command"})),
                      "the command /nowhere/command can't be started: No such file or directory");
}

TEST_CASE("without a command a recipe is told to carry on, and a .forward that all is well")
{
    const auto options = options_with(nowhere);
    for (const Environment& environment :
         std::vector<Environment>{{},
                                  {{"AGENT", "other"}},
                                  {{"LOCAL", "me"}, {"PROCMAIL_VERSION", "3.22"}},
                                  {{"LOCAL_PART", "me"}, {"MAILFILTER", ".mailfilter"}},
                                  {{"AGENT", "sendmail"}, {"PROCMAIL_VERSION", "3.22"}}})
        CHECK(deliver_mail(options, environment) == EXIT_FAILURE);
    for (const Environment& environment : std::vector<Environment>{
             {{"LOCAL", "me"}}, {{"LOCAL_PART", "me"}}, {{"AGENT", "sendmail"}}})
        CHECK(deliver_mail(options, environment) == exit_done);
    auto beside = options;
    beside.beside = true;
    CHECK(deliver_mail(beside) == exit_done);
    CHECK(deliver_mail(beside, {{"PROCMAIL_VERSION", "3.22"}}) == exit_done);
}
