#include "help.hh"

#include "handle.hh"
#include "language.hh"

std::optional<Help> find_help(const Mail& mail, const Settings::Reply& settings)
{
    if (!settings.help || !std::holds_alternative<NoRequest>(mail.request))
        return std::nullopt;
    return read_help(settings.texts, preferred_languages(mail.header, mail.language));
}

std::optional<Help> read_help(const std::string& directory,
                              const std::vector<std::string>& languages)
{
    for (const std::string& language : languages) {
        char* raw = nullptr;
        gsize size = 0;
        const bool is_read = g_file_get_contents((directory + "/" + language + ".txt").c_str(),
                                                 &raw, &size, nullptr);
        const GString8 text(raw);
        if (is_read && size > 0 && g_utf8_validate(text.get(), static_cast<gssize>(size), nullptr))
            return Help{text.get()};
    }
    return std::nullopt;
}
