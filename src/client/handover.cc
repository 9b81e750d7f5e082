#include "client/handover.hh"

#include "failure.hh"
#include "fd.hh"
#include "handle.hh"

#include <array>
#include <cerrno>
#include <cstring>
#include <glib-unix.h>
#include <optional>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace {

constexpr char is_taken = '1', is_not_taken = '0';

[[noreturn]] void fail(const std::string& what)
{
    throw Failure(Reason::internal, what + ": " + std::strerror(errno));
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

bool connect_to(int fd, const sockaddr_un& address)
{
    return connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

void limit_waiting(int fd, int seconds)
{
    const timeval limit = {seconds, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

std::string read_to_end(int fd)
{
    std::string text;
    std::array<char, 65536> buffer;
    for (ssize_t count; (count = read(fd, buffer.data(), buffer.size())) > 0;)
        text.append(buffer.data(), static_cast<std::size_t>(count));
    return text;
}

bool write_all(int fd, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t count = send(fd, text.data(), text.size(), MSG_NOSIGNAL);
        if (count <= 0)
            return false;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

std::string take_line(std::string& text)
{
    const auto end = text.find('\n');
    std::string line = text.substr(0, end);
    text.erase(0, end == std::string::npos ? end : end + 1);
    return line;
}

std::string on_one_line(std::string text)
{
    for (char& c : text)
        if (g_ascii_iscntrl(c))
            c = ' ';
    return text;
}

} // namespace

Handover::Handover(const std::string& path, Take take)
    : path_(path), take_(std::move(take)), fd_(-1)
{
    const GString8 directory(g_path_get_dirname(path.c_str()));
    if (g_mkdir_with_parents(directory.get(), 0700) != 0)
        fail(directory.get());
    const auto address = address_of(path);
    if (!address)
        throw Failure(Reason::internal, path + ": longer than a socket's path may be");
    if (const Fd other = unix_socket(); connect_to(other.get(), *address))
        throw Failure(Reason::internal, path + ": another snowflake-mail-client is running");
    unlink(path.c_str());
    Fd listener = unix_socket();
    const mode_t mask = umask(0077);
    const bool bound =
        bind(listener.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) == 0;
    umask(mask);
    if (!bound || listen(listener.get(), 16) != 0)
        fail(path);
    fd_ = dup(listener.get());
    source_ = g_unix_fd_add(
        fd_, G_IO_IN, reinterpret_cast<GUnixFDSourceFunc>(reinterpret_cast<void*>(accept_one)),
        this);
}

Handover::~Handover()
{
    g_source_remove(source_);
    close(fd_);
    unlink(path_.c_str());
}

int Handover::accept_one(int fd, int, void* self)
{
    const Fd peer(accept4(fd, nullptr, nullptr, SOCK_CLOEXEC));
    if (peer.get() < 0)
        return G_SOURCE_CONTINUE;
    limit_waiting(peer.get(), 2); // a stopped --deliver must not hold up the others for long
    DeliveredMail mail;
    mail.bytes = read_to_end(peer.get());
    mail.sender = take_line(mail.bytes);
    mail.recipient = take_line(mail.bytes);
    const char verdict = static_cast<Handover*>(self)->take_(mail) ? is_taken : is_not_taken;
    write_all(peer.get(), std::string_view(&verdict, 1));
    return G_SOURCE_CONTINUE;
}

bool hand_over(const std::string& path, const DeliveredMail& mail)
{
    const Fd peer = unix_socket();
    const auto address = address_of(path);
    limit_waiting(peer.get(), 10); // for connecting, too: many may wait at a client that is stopped
    if (!address || !connect_to(peer.get(), *address))
        return false;
    if (!write_all(peer.get(),
                   on_one_line(mail.sender) + "\n" + on_one_line(mail.recipient) + "\n") ||
        !write_all(peer.get(), mail.bytes))
        return false;
    shutdown(peer.get(), SHUT_WR);
    return read_to_end(peer.get()) == std::string(1, is_taken);
}
