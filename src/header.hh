#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the top of a mail says. Plain data, as the mail system and the sender wrote it: none of it
// is to be trusted.
struct Header {
    struct Field {
        std::string name;
        std::string value; // unfolded (RFC 5322 2.2.3), not decoded, without blanks around it
    };
    std::vector<Field> fields;
    std::string mbox_sender;                         // of a leading mbox From_ line; "": none
    std::optional<std::chrono::sys_seconds> sent;    // see time_sent()
    std::optional<std::chrono::sys_seconds> expires; // RFC 4021 2.1.50
    std::vector<std::string> from;                   // the addresses in From
    std::vector<std::string> authors;                // those in From, Sender and Reply-To
    // multipart/report (RFC 6522), a part that only reports have, or an attached mail and no text.
    bool report = false;

    // The first field of that name; borrowed, nullptr: none. Names compare without regard to case.
    const std::string* find(std::string_view name) const;
    // The first such field above the first Received: the receiving host wrote it.
    const std::string* find_in_trace(std::string_view name) const;
};

// The first word of a clause of a Received field (RFC 5321 4.4), as the host in "from a by HOST".
// "": the field has no such clause.
std::string received_clause(std::string_view received, std::string_view name);

// When the mail was sent, by the first clock of a server's: that of the lowest Received (RFC 5321
// 4.4) whose date can be read. One of a host that got the mail from its own user counts only
// without any other, since its clock is the sender's; and so is Date's, without any of them.
std::optional<std::chrono::sys_seconds> time_sent(const Header& header);
