#include "mail.hh"

Mail read_mail(std::string_view bytes)
{
    Message message = parse_message(bytes);
    return {std::move(message.header), find_request(message.texts)};
}
