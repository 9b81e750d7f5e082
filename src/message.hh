#pragma once
#include "text.hh"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the top of a mail says: plain data, as the mail system and the sender wrote it, none of it
// to be trusted.
struct Header {
    struct Field {
        std::string name;
        std::string value; // unfolded (RFC 5322 2.2.3), not decoded, without surrounding blanks
    };
    std::vector<Field> fields;
    std::string mbox_sender;                         // of a leading mbox From_ line; "": none
    std::optional<std::chrono::sys_seconds> sent;    // by a server's clock where there is one
    std::optional<std::chrono::sys_seconds> expires; // RFC 4021 2.1.50
    std::vector<std::string> from;                   // the addresses in From
    std::vector<std::string> authors;                // those in From, Sender and Reply-To
    bool report = false; // multipart/report (RFC 6522) or a part that only reports have

    // The first field of that name; borrowed, nullptr: none. Names compare without regard to case.
    const std::string* find(std::string_view name) const;
    // The first such field among the trace that was put above the first Received: what the
    // receiving host wrote.
    const std::string* find_in_trace(std::string_view name) const;
};

struct Message {
    Header header;
    std::vector<Text>
        texts; // plain text first, then HTML, then attachments; the Subject where these are empty
};

// Any bytes at all are a message; what can't be understood is missing in it. Bounded: whatever
// exceeds the caps on header lines, parts and nesting is not looked at. Nothing is taken from a
// report's parts.
Message parse_message(std::string_view bytes);
