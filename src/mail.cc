#include "mail.hh"

#include "ascii.hh"
#include "language.hh"
#include "lines.hh"
#include "message.hh"
#include "openpgp/openpgp.hh"

namespace {

// RFC 3156 4: a MIME entity is encrypted. It says what it is, or its header is empty.
bool is_entity(std::string_view bytes)
{
    for (bool is_first = true; !bytes.empty(); is_first = false) {
        const std::string_view line = take_line(bytes);
        if (starts_ignoring_case(line, "Content-Type:"))
            return true;
        if (trimmed(line).empty())
            return is_first;
        const auto end = line.find_first_of(": \t\r\n");
        const bool goes_on = !is_first && (line[0] == ' ' || line[0] == '\t');
        if (!goes_on && line[end] != ':')
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
