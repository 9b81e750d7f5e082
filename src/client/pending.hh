#pragma once
#include "deadline.hh"
#include "message.hh"

#include <map>
#include <optional>
#include <string>
#include <vector>

// Whether an answer that comes so long after its request was mailed, or after the Expires of its
// mail (RFC 4021 2.1.50), is most likely dead.
bool is_late(std::chrono::milliseconds age,
             const std::optional<std::chrono::system_clock::time_point>& expires,
             std::chrono::system_clock::time_point now);

// The requests that snowflake-mail-client has mailed, and which of them a mail answers.
class PendingRequests {
  public:
    enum class State { waiting, answered, given_up };

    PendingRequests(std::string service_address, int per_minute)
        : service_(std::move(service_address)), per_minute_(per_minute)
    {
    }

    // A new request's tag, which nobody can guess; none when that would be more mails than the
    // limit allows.
    std::optional<std::string> open(Clock::time_point now);

    // The tag that the mail speaks of: in In-Reply-To or References (RFC 5322 3.6.4), else in an
    // address it was sent to, else, for an automatic reply of the service's own address to no other
    // tag, the only request that waits. None: it is somebody else's business.
    std::optional<std::string> find(const Header& header,
                                    const std::vector<std::string>& recipients,
                                    const std::string& sender) const;

    State state(const std::string& tag) const; // given_up also for one that is forgotten
    std::chrono::milliseconds age(const std::string& tag, Clock::time_point now) const;
    void settle(const std::string& tag, State state);

  private:
    struct Request {
        Clock::time_point mailed;
        State state = State::waiting;
    };

    std::string service_;
    int per_minute_;
    std::map<std::string, Request> requests_; // those that wait, and all of the last hour
};
