#pragma once
#include "deadline.hh"
#include "message.hh"
#include "recover/recover.hh"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

// The header of a mail as it came, with no more than a header has.
std::string_view head_of(std::string_view mail);

// What a mail says to a request of ours.
struct MailedResponse {
    std::string tag; // of the request
    std::optional<std::chrono::sys_seconds> expires;
    RecoveredResponse response;
};

// Why a mail was not read.
enum class Unread {
    of_no_request, // it is about none of ours
    unreadable     // it was too much for its reader, or made it crash
};

// The tag of the request that a mail is about.
using FindTag = std::function<std::optional<std::string>(const Message& message)>;

// Reads a mail in a child that can do nothing else (run_child()); `find_tag` is called there.
// Nothing that the child says is believed but the tag, which the caller has to check. Throws
// Failure when this host is at fault, or when the child isn't done at `until`.
std::variant<MailedResponse, Unread>
read_response_apart(std::string_view mail, const FindTag& find_tag, Clock::time_point until);

// What is encrypted in a mail.
struct SealedResponse {
    bool seems_a_reply;  // as its header says
    std::string message; // without armor; "": there is none that gpg may see
};

// Reads that in such a child; `seems_a_reply` is called there.
std::variant<SealedResponse, Unread>
read_sealed_apart(std::string_view mail,
                  const std::function<bool(const Message& message)>& seems_a_reply,
                  Clock::time_point until);

// Which request a text that a person pasted is about.
struct FindPasted {
    // The tag of the request that has that link's tag (link.hh).
    std::function<std::optional<std::string>(std::string_view link_tag)> by_link_tag;
    std::string newest; // the tag of the request that a text without a link is about; "": of none
};

// Reads a link, a poll response, or a whole reply that was copied, in the same way. The tag is ""
// where there are links, and none has the tag of a request of ours.
std::variant<MailedResponse, Unread>
read_pasted_apart(std::string_view text, const FindPasted& find, Clock::time_point until);
