#pragma once
#include "deadline.hh"
#include "message.hh"

#include <map>
#include <optional>
#include <string>
#include <vector>

// Whether an answer most likely comes too late. `age` is the time since its request was mailed,
// `expires` the Expires field of its mail (RFC 4021 2.1.50).
bool is_late(std::chrono::milliseconds age,
             const std::optional<std::chrono::system_clock::time_point>& expires,
             std::chrono::system_clock::time_point now);

// The requests that were mailed. Tells which of them a mail answers.
class PendingRequests {
  public:
    enum class State { waiting, answered, given_up };

    PendingRequests(std::string service_address, int per_minute)
        : service_(std::move(service_address)), per_minute_(per_minute)
    {
    }

    // A new request. Returns its tag, which nobody can guess; none when the limit of mails is
    // reached. Throws ClientFailure.
    std::optional<std::string> open(Clock::time_point now);

    // The tag of the request that a mail is about: it stands in In-Reply-To or References (RFC 5322
    // 3.6.4), or in one of the recipients. An automatic reply from the service's address that
    // names no tag is about the only request that waits. None: about no request of ours.
    std::optional<std::string> find(const Header& header,
                                    const std::vector<std::string>& recipients,
                                    const std::string& sender) const;

    State state(const std::string& tag) const; // given_up: also a request that was forgotten
    // Since the request was mailed. Throws std::out_of_range for an unknown tag, as settle() does.
    std::chrono::milliseconds age(const std::string& tag, Clock::time_point now) const;
    void settle(const std::string& tag, State state);

  private:
    struct Request {
        Clock::time_point mailed;
        State state = State::waiting;
    };

    std::string service_;
    int per_minute_;
    std::map<std::string, Request> requests_; // by tag: all that wait, and all of the last hour
};
