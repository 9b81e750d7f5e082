#include "check.hh"

#include "temporary_directory.hh"

#include <doctest/doctest.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace {

bool holds(const Trouble& trouble, const std::string& text)
{
    return trouble && trouble->find(text) != std::string::npos;
}

} // namespace

TEST_CASE("sendmail is a file that may be run")
{
    CHECK_FALSE(trouble_with_sendmail("/bin/true"));
    for (const std::string program : {"/nonexistent", "/usr/bin", "/etc/passwd"})
        CHECK(holds(trouble_with_sendmail(program), program + " is no program that "));
}

TEST_CASE("a log or state directory that can't be used is told with the way to mend it")
{
    const TemporaryDirectory directory;
    CHECK_FALSE(trouble_with_log(directory.path + "/log"));
    CHECK(holds(trouble_with_log(directory.path + "/none/log"), "set target in [log] to syslog"));
    const Trouble syslog = trouble_with_log("syslog");
    CHECK((!syslog || holds(syslog, "nobody listens at /dev/log")));
    CHECK_FALSE(trouble_with_state_directory(directory.path));
    CHECK(holds(trouble_with_state_directory(directory.path + "/none"),
                " " + directory.path + "/none"));
}

TEST_CASE("the slips with a state directory are told: its mode, its owner, its files")
{
    const TemporaryDirectory directory;
    chmod(directory.path.c_str(), 0750);
    CHECK(holds(trouble_with_state_directory(directory.path), "chmod 700 " + directory.path));
    chmod(directory.path.c_str(), 0700);
    std::ofstream(directory.path + "/key") << "short";
    CHECK(holds(trouble_with_state_directory(directory.path), "the key can't be read"));
    if (geteuid() != 0)
        return;
    const uid_t other = 65534; // nobody
    for (const std::string name : {"key", "state.db", "state.db-wal", "state.db-shm"}) {
        const std::string file = directory.path + "/" + name;
        std::ofstream(file) << "";
        REQUIRE(chown(file.c_str(), other, other) == 0);
        CHECK(holds(trouble_with_state_directory(directory.path),
                    name + " belongs to nobody; as root: chown -hR root " + directory.path));
        REQUIRE(unlink(file.c_str()) == 0);
    }
    REQUIRE(chown(directory.path.c_str(), other, other) == 0);
    CHECK(holds(trouble_with_state_directory(directory.path),
                "belongs to nobody, and this is root; run: runuser -u nobody -- "));
}

TEST_CASE("a broker that isn't there is told with its URL and the settings")
{
    Settings::Broker settings;
    settings.url = "http://127.0.0.1:1/";
    const Trouble trouble = trouble_with_broker(settings);
    CHECK(holds(trouble, "http://127.0.0.1:1/: "));
    CHECK(holds(trouble, "[broker]"));
    settings.ca_file = "/nonexistent";
    settings.url = "https://127.0.0.1:1/";
    CHECK(trouble_with_broker(settings));
}

TEST_CASE("a mail's reader can reach neither the network nor files, on a kernel of today")
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    CHECK(missing_confinement() == "");
#endif
}
