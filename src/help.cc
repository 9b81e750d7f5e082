#include "help.hh"

#include "language.hh"
#include "sentences.hh"

std::optional<Help> find_help(const Mail& mail, const Settings::Reply& settings)
{
    // What Delta Chat sends when it makes a contact no person has written.
    if (!settings.help || !std::holds_alternative<NoRequest>(mail.request) ||
        mail.header.find("Secure-Join"))
        return std::nullopt;
    // Without the key nobody knows whether there is a request in it.
    const char* name = mail.cover == Cover::unreadable ? "undecryptable" : "help";
    const std::string text = sentence(
        read_sentences(settings.texts, preferred_languages(mail.header, mail.language)), name);
    if (text.empty())
        return std::nullopt;
    return Help{text + "\n"};
}
