#include "mail.hh"

#include "help.hh"

Mail read_mail(std::string_view bytes)
{
    Message message = parse_message(bytes);
    Search search = find_request(message.texts);
    const bool is_nothing = std::holds_alternative<std::monostate>(search);
    return {std::move(message.header), std::move(search), is_nothing ? language_of_words(message.texts) : ""};
}
