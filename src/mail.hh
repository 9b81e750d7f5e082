#pragma once
#include "header.hh"
#include "recover/recover.hh"

#include <string>
#include <string_view>

// All that the program wants to know of a mail. Plain data: it can be sent to another process.
struct Mail {
    Header header;
    Recovery request;
    std::string language; // of its words; "": not known
};

// Reads hostile bytes. Any bytes have a result, and nothing else is read or changed.
Mail read_mail(std::string_view bytes);
