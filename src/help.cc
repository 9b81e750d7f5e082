#include "help.hh"

#include "language.hh"
#include "sentences.hh"

std::optional<Help> find_help(const Mail& mail, const Settings::Reply& settings)
{
    if (!settings.help || !std::holds_alternative<NoRequest>(mail.request))
        return std::nullopt;
    const std::string text = sentence(
        read_sentences(settings.texts, preferred_languages(mail.header, mail.language)), "help");
    if (text.empty())
        return std::nullopt;
    return Help{text + "\n"};
}
