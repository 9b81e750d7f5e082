#pragma once
#include <string>

// One text of a mail: a part that may hold a request.
struct Text {
    enum class Place { written, attached_mail };
    std::string text; // UTF-8; of text/plain, unflowed (RFC 3676)
    bool html = false;
    Place place = Place::written;
};
