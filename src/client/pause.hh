#pragma once
#include "deadline.hh"
#include "poll.hh"

#include <chrono>
#include <optional>
#include <string>

// The time in which no mail goes out, though Snowflake asks every ten seconds: each mail costs the
// service, and perhaps a volunteer.
class Pause {
  public:
    // Takes note of a response. The service may tell how many minutes to wait; without a free proxy
    // it is one minute.
    void take_note(const PollResponse& response, Clock::time_point now);

    // The response to Snowflake in place of a mail; borrowed, nullptr: the request may be mailed.
    // Without a free proxy a request of another NAT than the last one's may be: Snowflake's first
    // may go out before it knows its NAT, and other proxies fit then.
    const PollResponse* response_to(const PollRequest& request, Clock::time_point now) const;

    // Takes note of a request that is mailed.
    void mailed(const PollRequest& request);

  private:
    struct Wait {
        PollResponse response;
        Clock::time_point end;
    };

    std::optional<Wait> refused_;  // by the service
    std::optional<Wait> no_proxy_; // none was free
    std::string last_nat_;
};
