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
