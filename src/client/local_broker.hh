#pragma once
#include "poll.hh"

#include <functional>
#include <memory>
#include <string>

// What the page for the person's browser needs. Both return JSON.
struct PageWork {
    std::function<std::string(const std::string& text)> hand_in; // what was pasted, or a link
    std::function<std::string()> state;                          // what is going on

    explicit operator bool() const { return hand_in && state; }
};

// The broker that Snowflake's own client sees on its own machine: HTTP on a loopback address, POST
// /client. With a PageWork it serves the person's browser too. The response's head is sent at once:
// Snowflake waits 15 s for it, and without limit for the body. What is refused (see routes.hh) is
// refused before its body is read. Each connection serves one request, and each peer has 10 s to
// send it and 10 s to take the response. When as many connections are open as there can be
// descriptors, the oldest that doesn't wait for an answer has to go. Runs in GLib's main loop.
class LocalBroker {
  public:
    using Id = unsigned long;
    using Ask = std::function<void(Id id, const PollRequest& request)>;
    using Gone = std::function<void(Id id)>;

    // `ask` is called for each good request; when it throws, the response is an error. `gone` is
    // called when the peer hangs up before its response. Throws ClientFailure when it can't listen.
    LocalBroker(const std::string& host, unsigned port, Ask ask, Gone gone, PageWork page = {});
    ~LocalBroker();

    unsigned port() const; // the one it listens on, also when any (0) was asked for

    // Sends the poll response and ends the exchange. False when the peer has hung up, or has had a
    // response.
    bool respond(Id id, const std::string& poll_response);

  private:
    struct Server;
    std::unique_ptr<Server> server_;
};
