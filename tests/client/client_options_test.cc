#include "client/client_options.hh"
#include "failure.hh"

#include <doctest/doctest.h>

namespace {

ClientOptions parse(std::vector<std::string> arguments)
{
    arguments.insert(arguments.begin(), "snowflake-mail-client");
    std::vector<char*> argv;
    for (auto& argument : arguments)
        argv.push_back(argument.data());
    argv.push_back(nullptr);
    return parse_client_options(static_cast<int>(arguments.size()), argv.data());
}

} // namespace

TEST_CASE("only the service's address is needed")
{
    const auto options = parse({"--to", "snowflake@example.org"});
    CHECK(options.mode == ClientOptions::Mode::serve);
    CHECK(options.to == "snowflake@example.org");
    CHECK(options.host == "127.0.0.1");
    CHECK(options.port == 7080);
    REQUIRE_FALSE(options.sockets.empty());
    CHECK(options.sockets.front().starts_with('/'));
}

TEST_CASE("it listens on loopback addresses only")
{
    CHECK(parse({"--to", "a@b", "--listen", "[::1]:8000"}).port == 8000);
    for (const char* listen : {"0.0.0.0:7080", "192.0.2.1:7080", "localhost:7080", "127.0.0.1",
                               "127.0.0.1:x", "127.0.0.1:70000", ":7080"}) {
        CAPTURE(std::string(listen));
        CHECK_THROWS_AS(parse({"--to", "a@b", "--listen", listen}), Failure);
    }
}

TEST_CASE("what follows -- is the command, with its own options")
{
    const auto options =
        parse({"--deliver", "--beside", "--", "/usr/sbin/sendmail", "-i", "--", "me"});
    CHECK(options.mode == ClientOptions::Mode::deliver);
    CHECK(options.beside);
    CHECK(options.command == std::vector<std::string>{"/usr/sbin/sendmail", "-i", "--", "me"});
}

TEST_CASE("a slip is refused, not guessed at")
{
    for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
             {},
             {"--to"},
             {"--to", ""},
             {"--to", "a b"},
             {"--to", "a@b", "extra"},
             {"--to", "a@b", "--timeout", "5"},
             {"--to", "a@b", "--per-minute", "0"},
             {"--to", "a@b", "--from", "me"},
             {"--to", "a@b", "--delimiter", "+"},
             {"--to", "a@b", "--from", "a@b", "--delimiter", "++"},
             {"--unknown"}})
        CHECK_THROWS_AS(parse(arguments), Failure);
}
