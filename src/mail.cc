#include "mail.hh"

#include "language.hh"
#include "message.hh"

Mail read_mail(std::string_view bytes)
{
    Message message = parse_message(bytes);
    Recovery request = recover_request(message.texts);
    const bool has_request = !std::holds_alternative<NoRequest>(request);
    return {std::move(message.header), std::move(request),
            language_of_words(message.texts, has_request)};
}
