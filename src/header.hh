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

// RFC 5322 3.3. None when it is no date.
std::optional<std::chrono::sys_seconds> parse_date(const std::string& text);

// When the mail was sent, by the first clock of a server's: that of the lowest Received (RFC 5321
// 4.4) that has a date. Without one by the sender's own clock, in Date.
std::optional<std::chrono::sys_seconds> time_sent(const Header& header);
