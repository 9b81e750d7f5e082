#pragma once
#include "header.hh"
#include "text.hh"

#include <string_view>
#include <vector>

struct Message {
    Header header;
    // Plain text first, then HTML, then attachments; with them the Subject when all are empty.
    std::vector<Text> texts;
    // Attachments of an application's type that are not ASCII from their first octet on.
    std::vector<std::string> binaries;
};

// Any bytes are a message: a part that can't be understood is left out. Bounded: nothing is looked
// at that is over the caps (caps.hh) or nested deeper than 60 parts. Nothing is taken from the
// parts of a report.
Message parse_message(std::string_view bytes);
