#include "client/handover.hh"

#include "client/client_failure.hh"
#include "client/main_loop.hh"
#include "handle.hh"
#include "lines.hh"

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
    const Fd other = unix_socket();
    limit_waiting(other.get(), 2);
    // EAGAIN: another client is there and stopped, and as many as may wait for it do.
    if (connect_to(other.get(), *address) || errno == EAGAIN)
        throw ClientFailure(path + ": another snowflake-mail-client is running");
    unlink(path.c_str());
    listener_ = unix_socket();
    const mode_t mask = umask(0077);
    const bool bound =
        bind(listener_.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) == 0;
    umask(mask);
    if (!bound || listen(listener_.get(), 16) != 0)
        fail(path);
    const auto accept = [](int, GIOCondition, gpointer self) -> gboolean {
        static_cast<Handover*>(self)->accept_one();
        return G_SOURCE_CONTINUE;
    };
    source_ = g_unix_fd_add(listener_.get(), G_IO_IN, accept, this);
}

Handover::~Handover()
{
    g_source_remove(source_);
    unlink(path_.c_str());
}

// Called by GLib.
void Handover::accept_one()
{
    const Fd peer(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (peer.get() < 0)
        return;
    limit_waiting(peer.get(), 2); // a stopped --deliver must not hold up the others for long
    char verdict = is_not_taken;
    run_catching([&] {
        const std::string all = read_to_end(peer.get());
        std::string_view rest = all;
        DeliveredMail mail;
        mail.sender = next_line(rest);
        mail.recipient = next_line(rest);
        mail.bytes = rest;
        verdict = take_(mail) ? is_taken : is_not_taken;
    });
    write_all(peer.get(), std::string_view(&verdict, 1));
}

bool hand_over(const std::string& path, const DeliveredMail& mail)
{
    const Fd peer = unix_socket();
    const auto address = address_of(path);
    limit_waiting(peer.get(), 10); // also for connecting: many may wait for a stopped client
    if (!address || !connect_to(peer.get(), *address))
        return false;
    if (!write_all(peer.get(),
                   on_one_line(mail.sender) + "\n" + on_one_line(mail.recipient) + "\n") ||
        !write_all(peer.get(), mail.bytes))
        return false;
    shutdown(peer.get(), SHUT_WR);
    return read_to_end(peer.get()) == std::string(1, is_taken);
}
