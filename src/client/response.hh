#pragma once
#include "deadline.hh"
#include "header.hh"
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

// The tag of the request that a mail with this header is about.
using FindTag = std::function<std::optional<std::string>(const Header& header)>;

// Reads a mail in a child that can do nothing else (run_child()); `find_tag` is called there.
// Nothing that the child says is believed but the tag, which the caller has to check. Throws Failure
// when this host is at fault, or when the child isn't done at `until`.
std::variant<MailedResponse, Unread>
read_response_apart(std::string_view mail, const FindTag& find_tag, Clock::time_point until);
