#include "key_file.hh"

#include "failure.hh"
#include "handle.hh"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace {

constexpr std::size_t key_size = 32;

[[noreturn]] void fail(const std::string& what, int error)
{
    throw Failure(Reason::state, "state directory: " + what + ": " + std::strerror(error));
}

// A FIFO would hang, and what a link points to was not made by us.
Fd open_key(int directory)
{
    Fd file(openat(directory, "key", O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct stat status;
    if (file.get() >= 0 && (fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)))
        fail("key", EINVAL);
    return file;
}

// The file has the whole key or is not there: link(2) fails for all but the first.
void make_key(int directory)
{
    std::array<char, key_size> key;
    if (getrandom(key.data(), key.size(), 0) != static_cast<ssize_t>(key.size()))
        fail("no random numbers", errno);
    const std::string name = "key." + std::to_string(getpid());
    unlinkat(directory, name.c_str(), 0);
    const Fd file(openat(directory, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    const bool is_linked =
        file.get() >= 0 &&
        write(file.get(), key.data(), key.size()) == static_cast<ssize_t>(key.size()) &&
        fsync(file.get()) == 0 && linkat(directory, name.c_str(), directory, "key", 0) == 0;
    const int error = errno;
    unlinkat(directory, name.c_str(), 0);
    if (!is_linked && error != EEXIST)
        fail("the key can't be written", error);
}

// A lock of the open file where the system knows these: closing another descriptor of the file
// does not drop it.
#ifdef F_OFD_SETLK
constexpr int set_lock = F_OFD_SETLK;
#else
constexpr int set_lock = F_SETLK;
#endif

bool try_to_set(int file, short type, std::uint32_t number)
{
    struct flock range = {};
    range.l_type = type;
    range.l_whence = SEEK_SET;
    range.l_start = number;
    range.l_len = 1;
    return fcntl(file, set_lock, &range) == 0;
}

} // namespace

KeyFile::KeyFile(const std::string& directory)
{
    const Fd parent(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (parent.get() < 0)
        fail(directory, errno);
    file_ = open_key(parent.get());
    if (file_.get() < 0 && errno == ENOENT) {
        make_key(parent.get());
        file_ = open_key(parent.get());
    }
    if (file_.get() < 0)
        fail("the key can't be read", errno);
    key_.resize(key_size + 1); // a longer key was not made by us
    const ssize_t size = pread(file_.get(), key_.data(), key_.size(), 0);
    if (size != static_cast<ssize_t>(key_size))
        fail("the key can't be read", size < 0 ? errno : EINVAL);
    key_.resize(key_size);
}

std::string KeyFile::hash_of(std::string_view text) const
{
    const auto* key = reinterpret_cast<const guchar*>(key_.data());
    const Handle<GHmac, g_hmac_unref> hmac(g_hmac_new(G_CHECKSUM_SHA256, key, key_.size()));
    g_hmac_update(hmac.get(), reinterpret_cast<const guchar*>(text.data()),
                  static_cast<gssize>(text.size()));
    std::array<guint8, 32> digest;
    gsize size = digest.size();
    g_hmac_get_digest(hmac.get(), digest.data(), &size);
    return std::string(digest.begin(), digest.begin() + 16);
}

void KeyFile::lock(std::uint32_t number, Clock::time_point until) const
{
    while (!try_to_set(file_.get(), F_WRLCK, number)) {
        if (errno != EAGAIN && errno != EACCES && errno != EINTR)
            fail("the key can't be locked", errno);
        if (time_left(until).count() == 0)
            throw Failure(Reason::state, "state directory: another process holds a lock");
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}

void KeyFile::unlock(std::uint32_t number) const { try_to_set(file_.get(), F_UNLCK, number); }
