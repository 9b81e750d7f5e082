#pragma once
#include "deadline.hh"
#include "message.hh"

#include <map>
#include <optional>
#include <string>
#include <string_view>
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

    explicit PendingRequests(int per_minute) : per_minute_(per_minute) {}

    // A new request. `link_tag` is that of the link it asks for (link.hh), "" for none. Returns its
    // own tag, which nobody can guess; none when the limit of mails is reached. Throws
    // ClientFailure.
    std::optional<std::string> open(Clock::time_point now, const std::string& link_tag = "");

    // Whether find() may find something in a mail with this header, as it came. Costs little.
    bool may_find(std::string_view head, const std::vector<std::string>& recipients) const;

    // The tag of the request that a mail is about: it stands in In-Reply-To or References (RFC 5322
    // 3.6.4), or in one of the recipients. None: the header names no request of ours.
    std::optional<std::string> find(const Header& header,
                                    const std::vector<std::string>& recipients) const;

    // Whether one was mailed in the last hour, or waits.
    bool has_any() const { return !requests_.empty(); }

    // Whether a request waits that asks for a link. Then any mail may hold its answer.
    bool awaits_link() const;
    // The tag of the request that waits whose link's tag stands in the text.
    std::optional<std::string> find_linked(std::string_view text) const;
    // The tag of the request that has that link's tag, whether it waits or not.
    std::optional<std::string> find_by_link_tag(std::string_view link_tag) const;

    bool knows(const std::string& tag) const { return requests_.contains(tag); }
    State state(const std::string& tag) const; // given_up: also a request that was forgotten
    // Since the request was mailed. Throws std::out_of_range for an unknown tag, as settle() does.
    std::chrono::milliseconds age(const std::string& tag, Clock::time_point now) const;
    void settle(const std::string& tag, State state);

  private:
    // The first tag of ours in the text.
    std::optional<std::string> tag_in(std::string_view text) const;

    struct Request {
        Clock::time_point mailed;
        std::string link_tag;
        State state = State::waiting;
    };

    int per_minute_;
    std::map<std::string, Request> requests_; // by tag: all that wait, and all of the last hour
};
