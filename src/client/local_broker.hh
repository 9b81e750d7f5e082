#pragma once
#include "poll.hh"

#include <functional>
#include <memory>
#include <string>

// The broker that Snowflake's own client sees on its own machine: HTTP on a loopback address, POST
// /client. It sends the response's head at once, since the client waits 15 s for that and without
// end for the body. Web pages are refused (by Host, Origin and Sec-Fetch-Site). Runs in GLib's main
// loop.
class LocalBroker {
  public:
    using Id = unsigned long;
    using Ask = std::function<void(Id id, const PollRequest& request)>;
    using Gone = std::function<void(Id id)>;

    // `ask` is called for each good request, `gone` when its client has hung up before it was
    // answered. Throws Failure("listen").
    LocalBroker(const std::string& host, unsigned port, Ask ask, Gone gone);
    ~LocalBroker();

    unsigned port() const;

    // Sends the poll response and ends the exchange; false where the client isn't there any more.
    bool respond(Id id, const std::string& poll_response);

  private:
    struct Server;
    std::unique_ptr<Server> server_;
};
