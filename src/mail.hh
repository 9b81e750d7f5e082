#pragma once
#include "header.hh"
#include "recover/recover.hh"

#include <string>
#include <string_view>

// All that the program wants to know of a mail. Plain data: it can cross a process border.
struct Mail {
    Header header;
    Recovery request;
    std::string language; // of its words, for a mail without a request; "": not known
};

// The step from hostile bytes to plain data. Pure; any input has a result.
Mail read_mail(std::string_view bytes);
