#pragma once
#include "deadline.hh"
#include "fd.hh"

#include <arpa/inet.h>
#include <cerrno>
#include <future>
#include <glib.h>
#include <iostream>
#include <netinet/in.h>
#include <sstream>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

// Ends the tests, should they hang in a call that iterate_until() can't leave.
struct Watchdog {
    Watchdog() { alarm(30); }
    ~Watchdog() { alarm(0); }
};

// Runs GLib's main loop until `is_done` says so; false when that takes longer than 20 s.
template <class IsDone> bool iterate_until(const IsDone& is_done)
{
    const auto end = Clock::now() + std::chrono::seconds(20);
    const auto tick = [](gpointer) -> gboolean { return G_SOURCE_CONTINUE; };
    const guint timer = g_timeout_add(5, tick, nullptr); // asks again when nothing else happens
    bool done = false;
    while (!(done = is_done()) && Clock::now() < end)
        g_main_context_iteration(nullptr, TRUE);
    g_source_remove(timer);
    return done;
}

// Runs all that waits in the main loop now.
inline bool run_what_waits()
{
    bool is_called = false;
    const auto call = [](gpointer called) -> gboolean {
        *static_cast<bool*>(called) = true;
        return G_SOURCE_REMOVE;
    };
    g_idle_add_full(G_PRIORITY_LOW, call, &is_called, nullptr); // after all others
    return iterate_until([&] { return is_called; });
}

// Calls `work` in a thread while the main loop runs here, and returns its result.
template <class Work> auto meanwhile(const Work& work)
{
    auto result = std::async(std::launch::async, work);
    iterate_until(
        [&] { return result.wait_for(std::chrono::seconds(0)) == std::future_status::ready; });
    return result.get();
}

// The lines on stdout during `action`. A CHECK in there would print nothing.
template <class Action> std::string said_during(const Action& action)
{
    struct Redirection {
        std::ostringstream said;
        std::streambuf* const before = std::cout.rdbuf(said.rdbuf());
        ~Redirection() { std::cout.rdbuf(before); }
    } redirection;
    action();
    return redirection.said.str();
}

// One HTTP connection to this machine, octet by octet.
class HttpPeer {
  public:
    explicit HttpPeer(unsigned port)
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), port_(port)
    {
        sockaddr_in address = {};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<in_port_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        is_connected_ = connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address),
                                sizeof address) == 0;
    }

    // Sends a request with these header fields, each with its CRLF; "": the Host field alone.
    void send(const std::string& body, const std::string& fields = "",
              const std::string& start = "POST /client")
    {
        rest_ += start + " HTTP/1.1\r\n" + (fields.empty() ? host_field() : fields) +
                 "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
        has("");
    }
    std::string host_field() const { return "Host: 127.0.0.1:" + std::to_string(port_) + "\r\n"; }

    // Sends and receives as much as it can without waiting. Whether `text` has come; "": anything.
    bool has(const std::string& text)
    {
        char buffer[4096];
        ssize_t count;
        while (!rest_.empty() && (count = ::send(socket_.get(), rest_.data(), rest_.size(),
                                                 MSG_DONTWAIT | MSG_NOSIGNAL)) > 0)
            rest_.erase(0, static_cast<std::size_t>(count));
        while ((count = recv(socket_.get(), buffer, sizeof buffer, MSG_DONTWAIT)) > 0)
            received_.append(buffer, static_cast<std::size_t>(count));
        has_ended_ = count == 0 || (errno != EAGAIN && errno != EINTR);
        return !received_.empty() && received_.find(text) != std::string::npos;
    }

    // Sends these octets as they are.
    void send_octets(const std::string& octets)
    {
        rest_ += octets;
        has("");
    }
    // Whether the other end has closed the connection.
    bool has_ended()
    {
        has("");
        return has_ended_;
    }

    bool is_connected() const { return is_connected_; }
    const std::string& received() const { return received_; }
    void hang_up() { socket_.close(); }

  private:
    Fd socket_;
    unsigned port_;
    bool is_connected_ = false, has_ended_ = false;
    std::string rest_; // still to be sent
    std::string received_;
};

// A whole poll request (Snowflake's common/messages).
inline const std::string poll_request =
    "1.0\n"
    R"({"offer":"{\"type\":\"offer\",\"sdp\":\"v=0\\r\\ns=-\\r\\n\"}",)"
    R"("nat":"unrestricted","fingerprint":"2B280B23E1107BB62ABFC40DDCC8824814F80A72"})";

inline const std::string poll_answer =
    R"({"answer":"{\"type\":\"answer\",\"sdp\":\"v=0\\r\\ns=-\\r\\n\"}"})";
