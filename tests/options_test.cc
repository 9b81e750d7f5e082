#include "helpers.hh"
#include "options.hh"

#include <doctest/doctest.h>
#include <iterator>

namespace {

using Arguments = std::vector<std::string>;

Options parse(Arguments arguments)
{
    arguments.insert(arguments.begin(), "snowflake-mail");
    std::vector<char*> argv;
    for (std::string& argument : arguments)
        argv.push_back(argument.data());
    argv.push_back(nullptr);
    return parse_options(static_cast<int>(arguments.size()), argv.data());
}

} // namespace

TEST_CASE("each option is read in its short and its long form, and none has a value of its own")
{
    const Options none = parse({});
    CHECK((none.mode == Options::Mode::filter && !none.sender && !none.recipient && !none.config &&
           !none.dry_run));
    for (const auto& arguments :
         {Arguments{"-n", "-c", "a.conf", "-f", "user@example.net", "-a", "snowflake@example.org"},
          {"--dry-run", "--config=a.conf", "--sender=user@example.net",
           "--recipient=snowflake@example.org"}}) {
        const Options options = parse(arguments);
        CHECK((options.dry_run && options.config == "a.conf"));
        CHECK(
            (options.sender == "user@example.net" && options.recipient == "snowflake@example.org"));
    }
    CHECK(parse({"--check", "-c", "a.conf"}).mode == Options::Mode::check);
    for (const auto& [option, mode] : {std::pair("--export-key", Options::Mode::export_key),
                                       {"--vcard", Options::Mode::vcard},
                                       {"--invite", Options::Mode::invite}}) {
        CHECK(parse({option}).mode == mode);
        CHECK(parse({option}).is_about_key());
    }
    const Options key = parse({"--make-key", "snowflake@example.org"});
    CHECK((key.mode == Options::Mode::make_key && key.is_about_key()));
    CHECK(key.key_address == "snowflake@example.org");
    CHECK_FALSE(parse({"--check"}).is_about_key());
    CHECK_FALSE(none.is_about_key());
    const Options report = parse({"--report", "mail.log", "-", "--", "-c"});
    CHECK((report.mode == Options::Mode::report && !report.is_about_key()));
    CHECK(report.files == Arguments{"mail.log", "-", "-c"});
    CHECK(parse({"--report"}).files.empty());
    CHECK(parse({"--version"}).mode == Options::Mode::version);
    CHECK(parse({"--help"}).mode == Options::Mode::help);
}

TEST_CASE(
    "Postfix pipe(8): an address may be empty, look like an option, or be no text of the C locale")
{
    for (const auto& address :
         parts("|<>|-n@example.net|-n|--check|--|müller@exämple.net|\xff@example.net")) {
        CAPTURE(address);
        const Options options = parse({"-f", address, "-a", address});
        CHECK((options.sender == address && options.recipient == address));
        CHECK((options.mode == Options::Mode::filter && !options.dry_run));
    }
}

TEST_CASE("a slip in the recipe is a usage error that quotes no argument")
{
    for (const auto& line :
         parts("-z|--secret=user@example.net|-f|--sender|user@example.net|--check=user@example.net|"
               "-f x user@example.net|-- -n")) {
        std::istringstream words(line);
        const Arguments arguments{std::istream_iterator<std::string>(words), {}};
        const std::string failure = failure_of([&] { parse(arguments); });
        CAPTURE(failure);
        CHECK(failure.starts_with("usage: "));
        CHECK(failure.find("example.net") == std::string::npos);
    }
}
