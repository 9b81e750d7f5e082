#include "helpers.hh"
#include "log.hh"

#include <array>
#include <cctype>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace std::chrono_literals;

namespace {

const LogEntry entry = {.reason = Reason::answer,
                        .attempts = 2,
                        .unknown_fields = 3,
                        .read = 1ms,
                        .broker = 2003ms,
                        .sendmail = 30ms,
                        .total = 2040ms};
const std::string line =
    "outcome=answered reason=answer attempts=2 unknown_fields=3 read_ms=1 broker_ms=2003 "
    "sendmail_ms=30 total_ms=2040";

} // namespace

TEST_CASE(
    "a log file is appended to, a line for a mail, with the time in UTC, and is nothing for "
    "others to read")
{
    CHECK(log_line(entry) == line);
    const auto file =
        std::filesystem::temp_directory_path() / ("snowflake-mail-log." + std::to_string(getpid()));
    for (int i = 0; i < 2; ++i) {
        open_log(file);
        write_log(entry);
    }
    struct stat status = {};
    CHECK(stat(file.c_str(), &status) == 0);
    CHECK((status.st_mode & 0137) == 0);
    std::ifstream stream(file);
    std::filesystem::remove(file);
    int lines = 0;
    for (std::string text; std::getline(stream, text); ++lines) {
        for (char& c : text)
            if (&c < &text[20] && std::isdigit(static_cast<unsigned char>(c)))
                c = '0';
        CHECK(text ==
              "0000-00-00T00:00:00Z snowflake-mail[" + std::to_string(getpid()) + "]: " + line);
    }
    CHECK(lines == 2);
}

TEST_CASE("a line of the log is read again as it was written, whatever the reason")
{
    for (const ReasonRow& row : reason_table) {
        LogEntry written = entry;
        written.reason = row.reason;
        const auto read = parse_log_line(log_line(written));
        REQUIRE(read);
        CHECK((read->has_known_reason && read->entry.reason == row.reason));
        CHECK(read->outcome == row.outcome);
        CHECK(log_line(read->entry) == log_line(written));
    }
}

TEST_CASE("a reason of a newer version is read as one that isn't known")
{
    const auto read = parse_log_line(
        "outcome=ignored reason=brand-new attempts=0 "
        "unknown_fields=0 read_ms=1 broker_ms=0 sendmail_ms=0 "
        "total_ms=2");
    REQUIRE(read);
    CHECK((!read->has_known_reason && read->outcome == Outcome::ignored));
    CHECK(read->entry.total == 2ms);
}

TEST_CASE("what is not exactly a line of the log is none")
{
    REQUIRE(parse_log_line(line));
    const auto with = [](const std::string& old, const std::string& replacement) {
        std::string text = line;
        return text.replace(text.find(old), old.size(), replacement);
    };
    for (const std::string& text : {std::string(),
                                    line + " ",
                                    " " + line,
                                    line + " more=1",
                                    line.substr(0, 70),
                                    with("=answered", "=ignored"),
                                    with("=answered", "=lost"),
                                    with("=answer ", "=user@x "),
                                    with("=answer ", "= "),
                                    with("=answer ", "=ANSWER "),
                                    with("=answer ", "=answer  "),
                                    with("=answer ", "=" + std::string(41, 'x') + " "),
                                    with("=2 ", "=02 "),
                                    with("=2 ", "=+2 "),
                                    with("=2 ", "=-2 "),
                                    with("=2 ", "= "),
                                    with("=2 ", "=2x "),
                                    with("=2 ", "=99999999999 "),
                                    with("attempts", "tries"),
                                    with("=2040", "=2040.5"),
                                    with("read_ms=1 ", "")}) {
        CAPTURE(text);
        CHECK_FALSE(parse_log_line(text));
    }
}

TEST_CASE("a log that can't be opened is a fault of this host, a full disk is none")
{
    CHECK(failure_of([] { open_log("/nonexistent/log"); }) ==
          "log: [log] target: /nonexistent/log: No such file or directory");
    CHECK(failure_of([] { open_log("/proc/self/exe"); }).starts_with("log: ")); // a symbolic link
    CHECK(failure_of([] { open_log("/"); }).starts_with("log: "));
    open_log("/dev/full");
    CHECK_NOTHROW(write_log(entry));
}

TEST_CASE("a line for stderr is cut where a pipe may take no more, and lost where nobody reads")
{
    std::array<int, 2> ends;
    REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
    const int old = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    complain("a fault");
    complain(std::string(100000, 'x'));
    std::string text(100000, '\0');
    text.resize(static_cast<std::size_t>(read(ends[0], text.data(), text.size())));
    CHECK(text == "snowflake-mail: a fault\nsnowflake-mail: " + std::string(495, 'x') + "\n");

    const std::string fill(4096, 'x');
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    while (write(ends[1], fill.data(), fill.size()) > 0)
        continue;
    fcntl(ends[1], F_SETFL, 0);
    const auto start = std::chrono::steady_clock::now();
    complain("nobody reads this");
    CHECK(std::chrono::steady_clock::now() - start < 5s);
    dup2(old, STDERR_FILENO);
    for (const int fd : {old, ends[0], ends[1]})
        close(fd);
}
