#include "store.hh"

#include "helpers.hh"
#include "temporary_directory.hh"

#include <doctest/doctest.h>
#include <fstream>
#include <set>
#include <sys/stat.h>

using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

constexpr WallTime now{1795420800s};

const auto soon = [] { return Clock::now() + 100ms; };

void set_mail(Store& store, const std::string& mail, WallTime time = now)
{
    store.transact([&] {
        store.set_mail(mail, {"asked", ""}, time);
        store.forget_old(time);
    });
}

std::string failure_in(const TemporaryDirectory& directory)
{
    return failure_of([&] { Store(directory.path, soon()).transact([] {}); });
}

} // namespace

TEST_CASE("what one process keeps the next one finds, each text for itself")
{
    const TemporaryDirectory directory;
    {
        Store store(directory.path, soon());
        store.transact([&] {
            store.set_mail("a", {"charged", ""}, now);
            store.set_mail("a", {"composed", "no-proxy"}, now);
            store.set_arrival("q", now + 1ns);
            store.set_arrival("q", now + 5ns);
        });
    }
    const Store store(directory.path, soon());
    const auto found = store.find_mail("a");
    REQUIRE(found);
    CHECK(found->stage == "composed");
    CHECK(found->reply == "no-proxy");
    CHECK(!store.find_mail("q"));
    CHECK(store.arrival("q") == now + 5ns);
    CHECK(store.arrival("a") == WallTime());
}

TEST_CASE("its files are its owner's alone, and hold no text")
{
    const TemporaryDirectory directory;
    const std::string secret = "user@example.net";
    Store store(directory.path, soon());
    store.transact([&] {
        store.set_mail(secret, {"asked", ""}, now);
        store.set_arrival(secret, now);
    });
    std::set<std::string> names;
    for (const auto& path : directory.entries()) {
        names.insert(path.filename());
        CHECK(fs::status(path).permissions() == fs::perms(0600));
        std::ifstream file(path);
        const std::string content(std::istreambuf_iterator<char>(file), {});
        CHECK(content.find(secret) == std::string::npos);
    }
    CHECK(names == std::set<std::string>{"key", "state.db", "state.db-shm", "state.db-wal"});
}

TEST_CASE("a transaction is kept as a whole, or nothing of it is")
{
    const TemporaryDirectory directory;
    Store store(directory.path, soon());
    CHECK_THROWS_AS(store.transact([&] {
        store.set_mail("a", {"asked", ""}, now);
        store.set_arrival("q", now);
        throw Failure(Reason::internal, "");
    }),
                    Failure);
    CHECK(!store.find_mail("a"));
    CHECK(store.arrival("q") == WallTime());
    set_mail(store, "b");
    CHECK(store.find_mail("b"));
}

TEST_CASE("one at a time changes it, and the wait has an end")
{
    const TemporaryDirectory directory;
    Store first(directory.path, soon());
    first.transact([&] {
        CHECK(failure_in(directory) == "state: state directory: state.db: database is locked");
    });
    CHECK(failure_in(directory) == "");
}

TEST_CASE("a mail is held until its store is gone")
{
    const TemporaryDirectory directory;
    Store other(directory.path, soon());
    {
        Store store(directory.path, soon());
        store.hold("a");
        CHECK(failure_of([&] { other.hold("a"); }).starts_with("state: "));
        CHECK(failure_of([&] { Store(directory.path, soon()).hold("b"); }) == "");
    }
    CHECK(failure_of([&] { Store(directory.path, soon()).hold("a"); }) == "");
}

TEST_CASE("mails are forgotten after a week, and those of before the clock was set back")
{
    const TemporaryDirectory directory;
    Store store(directory.path, soon());
    const auto forgotten = [&](std::chrono::hours later) {
        set_mail(store, "old");
        set_mail(store, "new", now + later);
        return !store.find_mail("old");
    };
    CHECK(!forgotten(7 * 24h));
    CHECK(forgotten(7 * 24h + 1h));
    CHECK(!forgotten(-7 * 24h));
    CHECK(forgotten(-7 * 24h - 1h));
}

TEST_CASE("more is forgotten than comes: what is old is gone when a part of it came anew")
{
    const TemporaryDirectory directory;
    Store store(directory.path, soon());
    store.transact([&] {
        for (int i = 0; i < 30; ++i) {
            store.set_mail("mail" + std::to_string(i), {"done", ""}, now);
            store.set_arrival("quota" + std::to_string(i), now + 1s);
        }
    });
    for (int i = 0; i < 10; ++i)
        set_mail(store, "new" + std::to_string(i), now + 8 * 24h);
    for (int i = 0; i < 30; ++i) {
        CHECK(!store.find_mail("mail" + std::to_string(i)));
        CHECK(store.arrival("quota" + std::to_string(i)) == WallTime());
    }
    for (int i = 0; i < 10; ++i)
        CHECK(store.find_mail("new" + std::to_string(i)));
}

TEST_CASE("a quota that is not at rest is kept")
{
    const TemporaryDirectory directory;
    Store store(directory.path, soon());
    store.transact([&] {
        store.set_arrival("rest", now - 1ns);
        store.set_arrival("used", now + 1ns);
        store.forget_old(now);
    });
    CHECK(store.arrival("rest") == WallTime());
    CHECK(store.arrival("used") == now + 1ns);
}

TEST_CASE("a store in memory ends with the process, and is nobody else's")
{
    Store store, other;
    set_mail(store, "a");
    store.hold("a");
    CHECK(store.find_mail("a"));
    CHECK(!other.find_mail("a"));
}

TEST_CASE("files that are not the program's are a fault of this host, and are left as they are")
{
    for (const std::string name :
         {"state.db", "state.db-wal", "state.db-shm", "state.db-journal"}) {
        const TemporaryDirectory directory;
        const std::string path = directory.path + "/" + name;
        const std::string wanted = "state: state directory: " + name + ": not a file";
        REQUIRE(mkfifo(path.c_str(), 0600) == 0);
        CHECK(failure_in(directory) == wanted);
        fs::remove(path);
        fs::create_directory(path);
        CHECK(failure_in(directory) == wanted);
        fs::remove(path);
        std::ofstream(directory.path + "/target") << "";
        fs::create_symlink(directory.path + "/target", path);
        CHECK(failure_in(directory) == wanted);
        CHECK(fs::file_size(directory.path + "/target") == 0);
        fs::remove(path);
        CHECK(failure_in(directory) == "");
    }
}

TEST_CASE("a database that is none, or another version's, is not overwritten")
{
    const TemporaryDirectory directory;
    const std::string text(5000, 'x');
    std::ofstream(directory.path + "/state.db") << text;
    CHECK(failure_in(directory) ==
          "state: state directory: state.db: file is not a database; "
          "remove it with its -wal and -shm");
    CHECK(fs::file_size(directory.path + "/state.db") == text.size());
}

TEST_CASE("the directory of the settings is taken as it is")
{
    Settings settings;
    settings.state_directory = "/nowhere/at/all";
    CHECK(find_state_directory(settings) == "/nowhere/at/all");
}
