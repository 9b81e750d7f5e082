#include "help.hh"

#include "handle.hh"
#include "language.hh"

namespace {

// None for a file that is not there, is empty or is not UTF-8.
std::optional<Help> read_help(const std::string& file)
{
    char* raw = nullptr;
    gsize size = 0;
    const bool is_read = g_file_get_contents(file.c_str(), &raw, &size, nullptr);
    const GString8 text(raw);
    if (!is_read || size == 0 || !g_utf8_validate_len(text.get(), size, nullptr))
        return std::nullopt;
    return Help{text.get()};
}

} // namespace

std::optional<Help> find_help(const Mail& mail, const Settings::Reply& settings)
{
    // What Delta Chat sends when it makes a contact no person has written.
    if (!settings.help || !std::holds_alternative<NoRequest>(mail.request) ||
        mail.header.find("Secure-Join"))
        return std::nullopt;
    if (mail.cover == Cover::unreadable)
        return Help{
            "Your encrypted mail could not be decrypted. Encrypt it with OpenPGP to the "
            "present key of this address, and send it again.\n"};
    for (const std::string& language : preferred_languages(mail.header, mail.language))
        if (auto help = read_help(settings.texts + "/" + language + ".txt"))
            return help;
    return std::nullopt;
}
