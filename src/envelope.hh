#pragma once
#include "header.hh"
#include "options.hh"

#include <functional>
#include <string>

struct Envelope {
    std::string sender;    // "": the null sender (RFC 5321 4.5.5)
    std::string recipient; // the service address that was written to; "": nobody says
};

// As getenv(3); what it returns is borrowed.
using Environment = std::function<const char*(const char* name)>;

// Options first, then what each mail system puts into the environment, then the trace at the top of
// the header. The From field is never used: who has no envelope sender is the null sender.
Envelope find_envelope(const Options& options, const Environment& environment,
                       const Header& header);
