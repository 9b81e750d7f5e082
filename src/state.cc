#include "state.hh"

#include "failure.hh"
#include "handle.hh"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace {

constexpr const char* usual_directory = "/var/lib/snowflake-mail";
constexpr std::size_t key_size = 32;

[[noreturn]] void fail(const std::string& what)
{
    throw Failure(Reason::state, "state directory: " + what + ": " + std::strerror(errno));
}

std::string read_key(int directory)
{
    const Fd file(openat(directory, "key", O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    std::string key(key_size + 1, '\0'); // a longer key was not made by us
    if (file.get() < 0 ||
        read(file.get(), key.data(), key.size()) != static_cast<ssize_t>(key_size))
        return "";
    key.resize(key_size);
    return key;
}

// The file has the whole key or is not there. Of processes that start together the first makes it:
// link(2) fails for the others.
void make_key(int directory)
{
    std::array<char, key_size> key;
    if (getrandom(key.data(), key.size(), 0) != static_cast<ssize_t>(key.size()))
        fail("no random numbers");
    const std::string name = "key." + std::to_string(getpid());
    unlinkat(directory, name.c_str(), 0);
    const Fd file(openat(directory, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (file.get() < 0 ||
        write(file.get(), key.data(), key.size()) != static_cast<ssize_t>(key.size()) ||
        fsync(file.get()) != 0) {
        const int error = errno;
        unlinkat(directory, name.c_str(), 0);
        errno = error;
        fail("the key can't be written");
    }
    const bool linked = linkat(directory, name.c_str(), directory, "key", 0) == 0;
    const int error = errno;
    unlinkat(directory, name.c_str(), 0);
    if (!linked && error != EEXIST) {
        errno = error;
        fail("the key can't be written");
    }
}

void lock(int fd, Clock::time_point until)
{
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            fail("a file can't be locked");
        if (time_left(until).count() == 0)
            throw Failure(Reason::state,
                          "state directory: another delivery of this mail holds its file");
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}

} // namespace

State::State(const std::string& directory)
    : directory_(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC))
{
    if (!is_kept())
        fail(directory);
    key_ = read_key(directory_.get());
    if (key_.empty()) {
        make_key(directory_.get());
        errno = EINVAL; // for a key of another size
        key_ = read_key(directory_.get());
    }
    if (key_.empty())
        fail("the key can't be read");
}

std::string State::name_of(const char* kind, std::string_view text) const
{
    const GString8 hash(g_compute_hmac_for_data(
        G_CHECKSUM_SHA256, reinterpret_cast<const guchar*>(key_.data()), key_.size(),
        reinterpret_cast<const guchar*>(text.data()), text.size()));
    return std::string(kind) + "/" + hash.get();
}

Fd State::open_locked(const char* kind, std::string_view text, Clock::time_point until) const
{
    const std::string name = name_of(kind, text);
    for (;;) {
        const auto open_file = [&] {
            return openat(directory_.get(), name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
                          0600);
        };
        int fd = open_file();
        if (fd < 0 && errno == ENOENT) { // no subdirectory: it is the first use, or was removed
            if (mkdirat(directory_.get(), kind, 0700) != 0 && errno != EEXIST)
                fail("a directory can't be made");
            fd = open_file();
        }
        Fd file(fd);
        if (fd < 0)
            fail("a file can't be made");
        lock(fd, until);
        struct stat status;
        if (fstat(fd, &status) == 0 && status.st_nlink > 0)
            return file;
        // The file was removed while we waited. The next process would make another one, and both
        // would hold a lock.
    }
}

std::string find_state_directory(const Settings& settings)
{
    if (!settings.state_directory.empty())
        return settings.state_directory;
    if (access(usual_directory, R_OK | W_OK | X_OK) == 0)
        return usual_directory;
    const std::string own = std::string(g_get_user_state_dir()) + "/snowflake-mail";
    return g_mkdir_with_parents(own.c_str(), 0700) == 0 ? own : usual_directory;
}
