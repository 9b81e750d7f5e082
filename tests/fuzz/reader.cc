// What the process that reads a mail hands to its parent.
#include "checks.hh"
#include "packed_mail.hh"

void fuzz(std::string_view input)
{
    const auto mail = unpack_mail(input);
    if (!mail)
        return;
    check(pack_mail(*mail) == input, "a packed mail has one form");
    for (const auto& [name, value] : mail->header.fields)
        check((name + value).find_first_of("\r\n") == std::string::npos, "a field is one line");
    if (const auto* request = std::get_if<PollRequest>(&mail->request))
        check(is_well_formed(*request), "a request is well-formed");
}
