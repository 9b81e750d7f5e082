#include "store.hh"

#include "failure.hh"
#include "fd.hh"
#include "handle.hh"
#include "key_file.hh"
#include "late_library.hh"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;

// SQLite's functions, which a mail needs that is not ignored.
struct Sqlite {
    LateLibrary library{"libsqlite3.so.0"};
    LATE_FUNCTION(sqlite3_bind_blob);
    LATE_FUNCTION(sqlite3_bind_int64);
    LATE_FUNCTION(sqlite3_bind_text);
    LATE_FUNCTION(sqlite3_busy_handler);
    LATE_FUNCTION(sqlite3_close);
    LATE_FUNCTION(sqlite3_column_int64);
    LATE_FUNCTION(sqlite3_column_text);
    LATE_FUNCTION(sqlite3_db_config);
    LATE_FUNCTION(sqlite3_errstr);
    LATE_FUNCTION(sqlite3_exec);
    LATE_FUNCTION(sqlite3_finalize);
    LATE_FUNCTION(sqlite3_open_v2);
    LATE_FUNCTION(sqlite3_prepare_v2);
    LATE_FUNCTION(sqlite3_step);
    LATE_FUNCTION(sqlite3_wal_checkpoint_v2);
    LATE_FUNCTION(sqlite3_wal_hook);
};

const Sqlite& sqlite()
{
    static const Sqlite loaded;
    return loaded;
}

void close_connection(sqlite3* connection) { sqlite().sqlite3_close(connection); }
void free_statement(sqlite3_stmt* statement) { sqlite().sqlite3_finalize(statement); }
using Connection = Handle<sqlite3, close_connection>;

constexpr const char* usual_directory = "/var/lib/snowflake-mail";
constexpr const char* file_name = "state.db";

constexpr int schema_version = 1;
// `number` grows with the time. Hashes are BLOBs of 16 octets, times nanoseconds since 1970.
constexpr const char* schema = R"(
    CREATE TABLE mails (number INTEGER PRIMARY KEY, mail BLOB NOT NULL UNIQUE,
                        stage TEXT NOT NULL, reply TEXT NOT NULL, time INTEGER NOT NULL);
    CREATE TABLE quotas (quota BLOB PRIMARY KEY, arrival INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX quotas_by_arrival ON quotas (arrival);
    PRAGMA user_version = 1)";

// A mail system gives up a mail after five days at most.
constexpr auto mail_lifetime = 7 * 24h;
constexpr int most_pages = 16384;          // of 4096 bytes
constexpr int most_pages_of_the_log = 100; // the first process of several reads all of them

// The locks on the key file: one for who makes the tables, the others for mails.
constexpr std::uint32_t setup_lock = 0;

[[noreturn]] void fail(int code)
{
    if (code == SQLITE_NOMEM)
        throw std::bad_alloc();
    std::string cure;
    if ((code & 0xff) == SQLITE_CORRUPT || code == SQLITE_NOTADB)
        cure = "; remove it with its -wal and -shm";
    throw Failure(Reason::state, std::string("state directory: ") + file_name + ": " +
                                     sqlite().sqlite3_errstr(code) + cure);
}

void check(int code)
{
    if (code != SQLITE_OK)
        fail(code);
}

void run(sqlite3* connection, const char* sql)
{
    check(sqlite().sqlite3_exec(connection, sql, nullptr, nullptr, nullptr));
}

// One SQL statement and its values, numbered from 1.
class Statement {
  public:
    Statement(sqlite3* connection, const char* sql)
    {
        sqlite3_stmt* statement = nullptr;
        const int code = sqlite().sqlite3_prepare_v2(connection, sql, -1, &statement, nullptr);
        statement_.reset(statement);
        check(code);
    }

    // Must outlive this.
    Statement& bind_hash(int at, const std::string& hash)
    {
        check(sqlite().sqlite3_bind_blob(statement_.get(), at, hash.data(),
                                         static_cast<int>(hash.size()), SQLITE_STATIC));
        return *this;
    }
    Statement& bind(int at, const std::string& text)
    {
        check(sqlite().sqlite3_bind_text(statement_.get(), at, text.data(),
                                         static_cast<int>(text.size()), SQLITE_STATIC));
        return *this;
    }
    Statement& bind(int at, WallTime time)
    {
        check(sqlite().sqlite3_bind_int64(statement_.get(), at, time.time_since_epoch().count()));
        return *this;
    }

    // Whether there is a row.
    bool step()
    {
        const int code = sqlite().sqlite3_step(statement_.get());
        if (code != SQLITE_ROW && code != SQLITE_DONE)
            fail(code);
        return code == SQLITE_ROW;
    }

    std::string text(int column) const
    {
        const auto* bytes = sqlite().sqlite3_column_text(statement_.get(), column);
        return bytes ? reinterpret_cast<const char*>(bytes) : "";
    }
    std::int64_t number(int column) const
    {
        return sqlite().sqlite3_column_int64(statement_.get(), column);
    }

  private:
    Handle<sqlite3_stmt, free_statement> statement_;
};

std::int64_t number_of(sqlite3* connection, const char* sql)
{
    Statement statement(connection, sql);
    return statement.step() ? statement.number(0) : 0;
}

int wait_for_others(void* until, int)
{
    if (time_left(*static_cast<Clock::time_point*>(until)) == 0ms)
        return 0;
    std::this_thread::sleep_for(1ms);
    return 1;
}

// A link or a FIFO in place of a file was not made by us, and SQLite would follow or wait for it.
// A new file is its owner's alone; SQLite gives the others the mode of the first. Returns whether
// processes can share memory by the file.
bool prepare_file(const std::string& path)
{
    for (const char* suffix : {"-wal", "-shm", "-journal", ""}) {
        const std::string name = path + suffix;
        struct stat status;
        if (lstat(name.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
            throw Failure(Reason::state,
                          "state directory: " + std::string(file_name) + suffix + ": not a file");
    }
    const Fd file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.get() < 0)
        throw Failure(Reason::state,
                      "state directory: " + std::string(file_name) + ": " + std::strerror(errno));
    constexpr std::size_t size = 4096;
    void* const memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
    return memory != MAP_FAILED && munmap(memory, size) == 0;
}

Connection connect(const char* path)
{
    sqlite3* connection = nullptr;
    const int code = sqlite().sqlite3_open_v2(path, &connection,
                                              SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
                                                  SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                                              nullptr);
    Connection owner(connection);
    check(code);
    return owner;
}

} // namespace

struct Store::Files {
    std::optional<KeyFile> key; // none: nothing outlives the process
    Clock::time_point until;
    Connection connection;
    int pages_of_the_log = 0;

    std::string hash_of(std::string_view kind, std::string_view text) const
    {
        const std::string whole = std::string(kind) + "/" + std::string(text);
        return key ? key->hash_of(whole) : whole;
    }
};

Store::Store() : files_(new Files{{}, {}, connect(":memory:")})
{
    run(files_->connection.get(), schema);
}

// The write-ahead log makes a transaction one write without a sync. Its processes share memory; on
// a file system that can't have that, SQLite keeps its usual journal, with syncs.
Store::Store(const std::string& directory, Clock::time_point until)
    : files_(new Files{KeyFile(directory), until, nullptr})
{
    const std::string path = directory + "/" + file_name;
    const bool can_have_log = prepare_file(path);
    files_->connection = connect(path.c_str());
    sqlite3* const connection = files_->connection.get();
    sqlite().sqlite3_busy_handler(connection, wait_for_others, &files_->until);
    const auto version = [&] { return number_of(connection, "PRAGMA user_version"); };
    if (version() == 0) {
        files_->key->lock(setup_lock, until); // SQLite does not wait for all of this
        if (version() == 0) {
            if (can_have_log)
                run(connection, "PRAGMA journal_mode = WAL");
            run(connection, (std::string("BEGIN IMMEDIATE;") + schema + "; COMMIT").c_str());
        }
        files_->key->unlock(setup_lock);
    }
    if (version() != schema_version)
        throw Failure(Reason::state, std::string("state directory: ") + file_name +
                                         ": made by another version; remove it");
    // What is due when the log is full, or when this is the last process, waits for ~Store().
    sqlite().sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    const auto note_pages = [](void* pages, sqlite3*, const char*, int count) {
        *static_cast<int*>(pages) = count;
        return SQLITE_OK;
    };
    sqlite().sqlite3_wal_hook(connection, note_pages, &files_->pages_of_the_log);
    run(connection, "PRAGMA journal_size_limit = 8388608");
}

// Here the reply is out. If another process is at it, a later one empties the log. SQLite itself
// does that only in a process that goes on writing, and ours end.
Store::~Store()
{
    if (files_->pages_of_the_log <= most_pages_of_the_log)
        return;
    sqlite3* const connection = files_->connection.get();
    sqlite().sqlite3_busy_handler(connection, nullptr, nullptr);
    sqlite().sqlite3_wal_checkpoint_v2(connection, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr,
                                       nullptr);
}

void Store::hold(std::string_view mail)
{
    if (!files_->key)
        return;
    std::uint32_t number = 0;
    const std::string hash = files_->hash_of("mail", mail);
    std::memcpy(&number, hash.data(), sizeof number);
    files_->key->lock(std::max(number, setup_lock + 1), files_->until);
}

void Store::transact(const std::function<void()>& work, Survives survives)
{
    sqlite3* const connection = files_->connection.get();
    run(connection, survives == Survives::power_loss ? "PRAGMA synchronous = FULL"
                                                     : "PRAGMA synchronous = NORMAL");
    run(connection, "BEGIN IMMEDIATE");
    try {
        work();
        run(connection, "COMMIT");
    } catch (...) {
        sqlite().sqlite3_exec(connection, "ROLLBACK", nullptr, nullptr, nullptr);
        throw;
    }
}

std::optional<Store::Entry> Store::find_mail(std::string_view mail) const
{
    const std::string hash = files_->hash_of("mail", mail);
    Statement statement(files_->connection.get(), "SELECT stage, reply FROM mails WHERE mail = ?1");
    if (!statement.bind_hash(1, hash).step())
        return std::nullopt;
    return Entry{statement.text(0), statement.text(1)};
}

void Store::set_mail(std::string_view mail, const Entry& entry, WallTime now)
{
    const std::string hash = files_->hash_of("mail", mail);
    Statement(files_->connection.get(),
              "INSERT INTO mails (mail, stage, reply, time) VALUES (?1, ?2, ?3, ?4)"
              " ON CONFLICT (mail) DO UPDATE SET stage = ?2, reply = ?3, time = ?4")
        .bind_hash(1, hash)
        .bind(2, entry.stage)
        .bind(3, entry.reply)
        .bind(4, now)
        .step();
}

WallTime Store::arrival(std::string_view quota) const
{
    const std::string hash = files_->hash_of("quota", quota);
    Statement statement(files_->connection.get(), "SELECT arrival FROM quotas WHERE quota = ?1");
    return WallTime(
        std::chrono::nanoseconds(statement.bind_hash(1, hash).step() ? statement.number(0) : 0));
}

void Store::set_arrival(std::string_view quota, WallTime arrival)
{
    const std::string hash = files_->hash_of("quota", quota);
    Statement(files_->connection.get(),
              "INSERT INTO quotas (quota, arrival) VALUES (?1, ?2)"
              " ON CONFLICT (quota) DO UPDATE SET arrival = ?2")
        .bind_hash(1, hash)
        .bind(2, arrival)
        .step();
}

void Store::forget_old(WallTime now)
{
    sqlite3* const connection = files_->connection.get();
    // A mail of the future is one of before the clock was set back.
    Statement(connection,
              "DELETE FROM mails WHERE (time < ?1 OR time > ?2) AND number IN"
              " (SELECT number FROM mails ORDER BY number LIMIT 3)")
        .bind(1, now - mail_lifetime)
        .bind(2, now + mail_lifetime)
        .step();
    Statement(connection,
              "DELETE FROM quotas WHERE quota IN"
              " (SELECT quota FROM quotas WHERE arrival < ?1 ORDER BY arrival LIMIT 8)")
        .bind(1, now)
        .step();
    const auto used_pages = number_of(connection,
                                      "SELECT page_count - freelist_count"
                                      " FROM pragma_page_count, pragma_freelist_count");
    if (used_pages > most_pages)
        run(connection,
            "DELETE FROM mails WHERE number IN"
            " (SELECT number FROM mails ORDER BY number LIMIT 6);"
            "DELETE FROM quotas WHERE quota IN"
            " (SELECT quota FROM quotas ORDER BY arrival LIMIT 16)");
}

std::string find_state_directory(const Settings& settings)
{
    if (!settings.state_directory.empty())
        return settings.state_directory;
    struct stat status;
    if (stat(usual_directory, &status) == 0 && status.st_uid == geteuid())
        return usual_directory;
    const std::string own = std::string(g_get_user_state_dir()) + "/snowflake-mail";
    return g_mkdir_with_parents(own.c_str(), 0700) == 0 ? own : usual_directory;
}
