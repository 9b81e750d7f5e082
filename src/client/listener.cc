#include "client/listener.hh"

#include "client/client_failure.hh"
#include "client/terminal.hh"

#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>

using namespace std::chrono_literals;

namespace {

// A Unix socket that was shut down can be read, and has no error but EAGAIN.
bool is_dead(int socket)
{
    pollfd polled{socket, 0, 0};
    return poll(&polled, 1, 0) != 0;
}

} // namespace

Listener::Listener(Fd socket, Accept accept)
    : socket_(std::move(socket)), accept_(std::move(accept))
{
    watch();
}

void Listener::watch()
{
    source_ = when_readable(socket_.get(), [this] { accept_one(); });
}

void Listener::accept_one()
{
    Fd peer(accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (peer.get() >= 0) {
        has_complained_ = false;
        return accept_(std::move(peer));
    }
    switch (errno) {
    case EAGAIN:
        if (is_dead(socket_.get()))
            throw ClientFailure("no connection can be taken any more");
        return;
    case EINTR:
    case ECONNABORTED:
    case EPERM:
    case EPROTO:
    case ENETDOWN:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case EOPNOTSUPP:
    case ENETUNREACH:
    case ETIMEDOUT: return; // what has become of that one connection (accept(2))
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM: // the connection still waits: the socket would call again at once, and for ever
        if (!has_complained_)
            say("no connection can be taken, trying again: ", std::strerror(errno));
        has_complained_ = true;
        source_ = after(1s, [this] { watch(); });
        return;
    default:
        throw ClientFailure(std::string("no connection can be taken: ") + std::strerror(errno));
    }
}
