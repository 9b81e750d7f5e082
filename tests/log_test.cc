#include "helpers.hh"
#include "log.hh"

#include <cctype>
#include <doctest/doctest.h>
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
    open_log("/dev/full");
    CHECK_NOTHROW(write_log(entry));
}
