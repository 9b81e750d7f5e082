#pragma once
#include "header.hh"
#include "options.hh"

#include <functional>
#include <string>

struct Envelope {
    std::string sender;    // "": the null sender (RFC 5321 4.5.5)
    std::string recipient; // the service address that was written to; "": not known
};

// As getenv(3); what it returns is borrowed.
using Environment = std::function<const char*(const char* name)>;

// Looks at the options, then at the variables that mail systems set, then at the trace at the top
// of the header. A mail without any of them, or with a word there that means nobody, has the null
// sender: the From field never counts.
Envelope find_envelope(const Options& options, const Environment& environment,
                       const Header& header);

// Whether the mail system says so. Then the header can't tell otherwise.
bool is_from_null_sender(const Options& options, const Environment& environment);
