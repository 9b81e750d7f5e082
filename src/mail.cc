#include "mail.hh"

#include "ascii.hh"
#include "language.hh"
#include "lines.hh"
#include "message.hh"
#include "openpgp/openpgp.hh"

#include <algorithm>

namespace {

// RFC 3156 4: a MIME entity is encrypted. It says what it is, or its header is empty. A whole mail
// may have no field of MIME.
bool is_entity(std::string_view bytes)
{
    for (bool is_first = true; !bytes.empty(); is_first = false) {
        const std::string_view line = take_line(bytes);
        if (trimmed(line).empty())
            return is_first;
        const auto end = std::min(line.find_first_of(": \t\r\n"), line.size());
        const bool is_field = line.substr(end).starts_with(':');
        if (is_field && is_any_of(line.substr(0, end), {"Content-Type", "MIME-Version",
                                                        "Message-ID", "From", "Autocrypt"}))
            return true;
        if (is_first && line.starts_with("From ")) // RFC 4155
            continue;
        const bool goes_on = !is_first && (line[0] == ' ' || line[0] == '\t');
        if (!goes_on && !is_field)
            return false;
    }
    return false;
}

} // namespace

Mail read_mail(std::string_view bytes)
{
    Message message = parse_message(bytes);
    Recovery request = recover_request(message.texts);
    const bool has_request = !std::holds_alternative<NoRequest>(request);
    Mail mail;
    mail.language = language_of_words(message.texts, has_request);
    if (!has_request)
        mail.cover = find_encrypted(message, mail.openpgp.message);
    find_key(message, mail.openpgp);
    mail.header = std::move(message.header);
    mail.request = std::move(request);
    return mail;
}

Mail read_decrypted_mail(std::string_view bytes)
{
    if (is_entity(bytes))
        return read_mail(bytes);
    return read_mail("Content-Type: text/plain\n\n" + std::string(bytes));
}
