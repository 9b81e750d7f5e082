#include "client/handover.hh"

#include "client/client_failure.hh"
#include "deadline.hh"
#include "handle.hh"
#include "lines.hh"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace {

using namespace std::chrono_literals;

constexpr char is_taken = '1', is_not_taken = '0';
constexpr std::size_t longest_text = largest_answer_mail + 2 * 1024; // with the envelope

[[noreturn]] void fail(const std::string& what)
{
    throw ClientFailure(what + ": " + std::strerror(errno));
}

std::optional<sockaddr_un> address_of(const std::string& path)
{
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return std::nullopt;
    path.copy(address.sun_path, path.size());
    return address;
}

Fd unix_socket() { return Fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

const sockaddr* generic(const sockaddr_un& address)
{
    return reinterpret_cast<const sockaddr*>(&address);
}

// Waits for a listener that has as many waiting as it may. Its errno is EAGAIN when the time is
// over.
bool connect_to(int fd, const sockaddr_un& address, std::chrono::seconds limit)
{
    const timeval time = {limit.count(), 0};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
    return connect(fd, generic(address), sizeof address) == 0;
}

// The process that listens at the other end, for a message; "" when that can't be known.
std::string listening_process(int fd)
{
    ucred peer = {};
    socklen_t size = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || peer.pid <= 0)
        return "";
    return " (process " + std::to_string(peer.pid) + ")";
}

// A file whose lock tells that a client runs, whatever has become of its socket. It stays, since
// who removes it can't know who opens it.
Fd lock_file(const std::string& path)
{
    Fd file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
    if (file.get() < 0)
        fail(path);
    return file;
}

// Throws ClientFailure when something is there that may not be removed.
void remove_stale_socket(const std::string& path, const sockaddr_un& address)
{
    struct stat status;
    if (lstat(path.c_str(), &status) != 0) {
        if (errno != ENOENT)
            fail(path);
        return;
    }
    const Fd other = unix_socket();
    // EAGAIN: it is stopped, and as many as may wait for it do.
    if (connect_to(other.get(), address, 2s) || errno == EAGAIN)
        throw ClientFailure(path + ": another program listens there" +
                            listening_process(other.get()));
    if (errno != ECONNREFUSED || !S_ISSOCK(status.st_mode) || status.st_uid != geteuid())
        throw ClientFailure(path + ": something else is there; --socket may name another place");
    if (unlink(path.c_str()) != 0)
        fail(path);
}

// 0: there is nothing.
ino_t inode_of(const std::string& path)
{
    struct stat status;
    return lstat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

bool write_all(int fd, std::string_view text, Clock::time_point until)
{
    while (!text.empty()) {
        const ssize_t count = send(fd, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && (errno != EAGAIN || !wait_for(fd, POLLOUT, until)))
            return false;
        text.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
    }
    return true;
}

// Takes the first line from the front of the text.
std::string next_line(std::string_view& text)
{
    return text.empty() ? "" : std::string(without_line_feed(take_line(text)));
}

std::string on_one_line(std::string text)
{
    for (char& c : text)
        if (g_ascii_iscntrl(c))
            c = ' ';
    return text;
}

} // namespace

Handover::Handover(const std::string& path, Take take) : path_(path), take_(std::move(take))
{
    const auto address = address_of(path);
    if (!address)
        throw ClientFailure(path + ": longer than a socket's path may be");
    const GString8 directory(g_path_get_dirname(path.c_str()));
    if (g_mkdir_with_parents(directory.get(), 0700) != 0)
        fail(directory.get());
    lock_ = lock_file(path + ".lock");
    if (flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
        const Fd other = unix_socket();
        const bool is_there = connect_to(other.get(), *address, 2s);
        throw ClientFailure(path + ": another snowflake-mail-client is running" +
                            (is_there ? listening_process(other.get()) : ""));
    }
    remove_stale_socket(path, *address);
    Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const mode_t mask = umask(0077);
    const int bound = bind(socket.get(), generic(*address), sizeof *address);
    umask(mask);
    if (bound != 0 || listen(socket.get(), 16) != 0)
        fail(path);
    inode_ = inode_of(path);
    listener_.emplace(std::move(socket), [this](Fd peer) { add(std::move(peer)); });
}

Handover::~Handover()
{
    if (inode_of(path_) == inode_)
        unlink(path_.c_str());
}

void Handover::add(Fd fd)
{
    constexpr std::size_t most = 8;
    constexpr auto patience = 5s;
    if (peers_.size() >= most)
        peers_.pop_front();
    const auto peer = peers_.emplace(peers_.end());
    peer->fd = std::move(fd);
    peer->source = when_readable(peer->fd.get(), [=, this] { read_on(peer); });
    peer->limit = after(patience, [=, this] { peers_.erase(peer); });
}

// Reads what is there, and takes the mail when that was its end.
void Handover::read_on(Peers::iterator peer)
{
    std::array<char, 65536> buffer;
    const ssize_t count = recv(peer->fd.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    Peers last; // it ends with this call
    if (count > 0 && peer->text.size() + static_cast<std::size_t>(count) <= longest_text) {
        peer->text.append(buffer.data(), static_cast<std::size_t>(count));
        return;
    }
    last.splice(last.end(), peers_, peer);
    const bool is_whole = count == 0 && !peer->text.empty(); // empty: somebody asked who listens
    const char verdict = is_whole && take(peer->text) ? is_taken : is_not_taken;
    send(peer->fd.get(), &verdict, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

bool Handover::take(std::string_view text) const
{
    DeliveredMail mail;
    mail.sender = next_line(text);
    mail.recipient = next_line(text);
    mail.bytes = text;
    return take_(mail);
}

bool hand_over(const std::string& path, const DeliveredMail& mail, std::chrono::seconds patience)
{
    const Fd peer = unix_socket();
    const auto address = address_of(path);
    if (!address || !connect_to(peer.get(), *address, patience))
        return false;
    const auto until = Clock::now() + patience;
    if (!write_all(peer.get(), on_one_line(mail.sender) + "\n" + on_one_line(mail.recipient) + "\n",
                   until) ||
        !write_all(peer.get(), mail.bytes, until))
        return false;
    shutdown(peer.get(), SHUT_WR);
    char verdict = is_not_taken;
    return wait_for(peer.get(), POLLIN, until) &&
           recv(peer.get(), &verdict, 1, MSG_DONTWAIT) == 1 && verdict == is_taken;
}
