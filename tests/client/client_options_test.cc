#include "client/client_failure.hh"
#include "client/client_options.hh"

#include <doctest/doctest.h>
#include <fstream>
#include <glib.h>
#include <set>
#include <sstream>

namespace {

// A section of the manual, macro line by macro line.
std::vector<std::string> manual_section(const std::string& name)
{
    std::ifstream manual("man/snowflake-mail-client.1");
    std::vector<std::string> lines;
    bool is_inside = false;
    for (std::string line; std::getline(manual, line);) {
        if (line.starts_with(".Sh "))
            is_inside = line == ".Sh " + name;
        else if (is_inside)
            lines.push_back(line);
    }
    return lines;
}

// ".It Fl Fl listen Ns = Ns Ar host : Ns Ar port" gives "--listen=host:port"; "": no option.
std::string option_in(const std::string& line)
{
    const auto start = line.find("Fl Fl ");
    if (start == std::string::npos)
        return "";
    std::istringstream words(line.substr(start + 6));
    std::string option = "--";
    for (std::string word; words >> word;)
        if (word != "Ns" && word != "Ar")
            option += word;
    return option;
}

// As option_in() has it.
std::string option_of(const ClientOption& row)
{
    std::string option = std::string("--") + row.name;
    for (const char* at = row.argument; at && *at; ++at)
        option += std::string(at == row.argument ? "=" : "") + g_ascii_tolower(*at);
    return option;
}

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

TEST_CASE("with the page no sendmail is used unless it is named, and there is more time")
{
    const auto usual = parse({"--to", "a@b"}), page = parse({"--page", "--to", "a@b"}),
               both = parse({"--timeout", "30", "--sendmail", "x", "--to", "a@b", "--page"});
    CHECK_FALSE(usual.page);
    CHECK(usual.sendmail == "/usr/sbin/sendmail");
    CHECK(usual.timeout == std::chrono::seconds(120));
    CHECK(page.page);
    CHECK(page.sendmail == "");
    CHECK(page.timeout == std::chrono::minutes(10));
    CHECK(both.sendmail == "x");
    CHECK(both.timeout == std::chrono::seconds(30));
}

TEST_CASE("it listens on loopback addresses only")
{
    CHECK(parse({"--to", "a@b", "--listen", "[::1]:8000"}).port == 8000);
    for (const char* listen : {"0.0.0.0:7080", "192.0.2.1:7080", "localhost:7080", "127.0.0.1",
                               "127.0.0.1:x", "127.0.0.1:70000", ":7080"}) {
        CAPTURE(std::string(listen));
        CHECK_THROWS_AS(parse({"--to", "a@b", "--listen", listen}), ClientFailure);
    }
}

TEST_CASE("the arguments after -- are the command, with its own options")
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
        CHECK_THROWS_AS(parse(arguments), ClientFailure);
}

TEST_CASE("what is refused is named, and fit for a terminal")
{
    const auto said = [](const std::vector<std::string>& arguments) -> std::string {
        try {
            parse(arguments);
        } catch (const ClientFailure& failure) {
            return failure.what();
        }
        return "";
    };
    const std::string help = " (see snowflake-mail-client --help)";
    CHECK(said({"--to", "a@b", "--unknown"}) == "unknown option: --unknown" + help);
    CHECK(said({"--unknown=1"}) == "unknown option: --unknown=1" + help);
    CHECK(said({"-x"}) == "unknown option: -x" + help);
    CHECK(said({"-hx"}) == "unknown option: -x" + help);
    CHECK(said({"--\x1b[2J"}) == "unknown option: --?[2J" + help);
    CHECK(said({"--beside=1"}) == "an option that takes no value: --beside=1" + help);
    CHECK(said({"--timeout"}) == "an option lacks its value: --timeout" + help);
    CHECK(said({"--deliver", "--"}) == "a command is missing behind --" + help);
    CHECK(said({"--to", "a@b", "--"}) == "a command is missing behind --" + help);
    CHECK(said({"--to", "a@b", "x"}) == "an argument too many" + help);
    CHECK(said({"--deliver", "--", "x", "--"}) == "");
}

TEST_CASE("the manual lists exactly the options that there are, with their arguments")
{
    std::vector<std::string> expected, listed;
    for (const ClientOption& row : client_option_table())
        expected.push_back(option_of(row));
    for (const std::string& line : manual_section("DESCRIPTION"))
        if (line.starts_with(".It ") && option_in(line) != "")
            listed.push_back(option_in(line));
    CHECK(listed == expected);
}

TEST_CASE("the manual's synopsis has every option, and no other")
{
    std::set<std::string> expected, shown;
    for (const ClientOption& row : client_option_table())
        expected.insert(option_of(row));
    for (const std::string& line : manual_section("SYNOPSIS"))
        if (option_in(line) != "")
            shown.insert(option_in(line));
    CHECK(shown == expected);
}

TEST_CASE("every option is accepted, and the usage text has a line for it")
{
    const std::string usage = client_usage();
    for (const ClientOption& row : client_option_table()) {
        CAPTURE(std::string(row.name));
        const std::string start = std::string("\n  --") + row.name;
        const auto at = usage.find(row.argument ? start + "=" + row.argument + " " : start + " ");
        CHECK(at != std::string::npos);
        CHECK(usage.find(row.meaning) != std::string::npos);
        try {
            row.argument ? parse({std::string("--") + row.name, "value"})
                         : parse({std::string("--") + row.name});
        } catch (const ClientFailure& failure) {
            CHECK(std::string(failure.what()).find("unknown option") == std::string::npos);
        }
    }
    std::istringstream lines(usage);
    for (std::string line; std::getline(lines, line);)
        CHECK(line.size() <= 100);
}

TEST_CASE("--key needs the person's address, and --delimiter is of no use with it")
{
    const auto options = parse({"--to", "a@b.org", "--key", "x", "--from", "me@b.org"});
    CHECK(options.key == "x");
    CHECK_THROWS_WITH_AS(parse({"--to", "a@b.org", "--key", "x"}), doctest::Contains("--from"),
                         ClientFailure);
    CHECK_THROWS_WITH_AS(
        parse({"--to", "a@b.org", "--key", "x", "--from", "me@b.org", "--delimiter", "+"}),
        doctest::Contains("--delimiter"), ClientFailure);
}
