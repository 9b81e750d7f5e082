#include "identity.hh"

#include "ascii.hh"
#include "lines.hh"
#include "rfc5322.hh"

#include <algorithm>
#include <glib.h>

namespace {

// RFC 5322 3.6.4: two parts around an "@", without the comments and blanks that may stand around.
// "": it names nothing, as the <(null)> and <null@localhost> of programs that forgot to make one.
std::string named_mail(std::string_view message_id)
{
    std::string id = without_comments(message_id);
    if (const auto open = id.find('<'); open != id.npos)
        id = id.substr(open + 1, id.find('>', open) - open - 1);
    std::erase_if(id, [](char c) { return g_ascii_isspace(c); });
    const auto at = id.rfind('@');
    const std::string_view left = std::string_view(id).substr(0, at);
    const bool is_whole =
        at != id.npos && at + 1 < id.size() && left.find_first_not_of(".-_") != left.npos;
    return is_whole && !is_any_of(left, {"null", "nil", "none", "undefined"}) ? id : "";
}

} // namespace

std::string mail_identity(std::string_view bytes, const Header& header)
{
    for (const auto& [name, value] : header.fields)
        if (equal_ignoring_case(name, "Message-ID"))
            if (std::string id = named_mail(value); !id.empty())
                return id;
    // An mbox From_ line, Delivery-Date and other fields above the first Received differ from one
    // delivery of the mail to the next.
    for (std::string_view rest = bytes; !rest.empty();) {
        if (starts_ignoring_case(rest, "Received:"))
            return std::string(rest);
        const std::string_view line = take_line(rest);
        if (line == "\n" || line == "\r\n") // the header's end
            break;
    }
    if (bytes.starts_with("From "))
        take_line(bytes);
    return std::string(bytes);
}
