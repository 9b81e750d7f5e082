#include "address.hh"
#include "ascii.hh"
#include "html.hh"
#include "openpgp/armor.hh"
#include "openpgp/openpgp.hh"
#include "openpgp/packets.hh"

namespace {

// The first armor of that kind that the person wrote.
std::optional<std::string> find_armor(const std::vector<Text>& texts, std::string_view kind)
{
    for (const Text& text : texts) {
        if (text.place != Text::Place::written ||
            text.text.find("-----BEGIN PGP ") == text.text.npos)
            continue;
        if (auto octets = dearmored(text.html ? html_to_text(text.text) : text.text, kind))
            return octets;
    }
    return std::nullopt;
}

struct Autocrypt {
    std::string_view address;
    std::string key;
};

// The value of an Autocrypt field: "addr=ADDRESS; keydata=BASE64". None: not valid.
std::optional<Autocrypt> parse_autocrypt(std::string_view value)
{
    Autocrypt field;
    while (!value.empty()) {
        const auto end = std::min(value.find(';'), value.size());
        const std::string_view attribute = value.substr(0, end);
        value.remove_prefix(std::min(end + 1, value.size()));
        const auto sign = attribute.find('=');
        const std::string name = lower_case(trimmed(attribute.substr(0, sign)));
        if (name.empty())
            continue;
        const std::string_view text =
            sign == attribute.npos ? "" : trimmed(attribute.substr(sign + 1));
        if (name == "addr")
            field.address = text;
        else if (name == "keydata")
            field.key = from_base64(text).value_or("");
        else if (name != "prefer-encrypt" && !name.starts_with('_'))
            return std::nullopt; // an unknown attribute is critical
    }
    if (!is_sendable(field.address) || !is_public_key(field.key))
        return std::nullopt;
    return field;
}

// Of a mail without an author any address will do: the author may stand on its cover.
bool is_author(std::string_view address, const std::vector<std::string>& authors)
{
    return authors.empty() || (authors.size() == 1 && same_address(authors[0], address));
}

} // namespace

Cover find_encrypted(const Message& message, std::string& octets)
{
    auto found = find_armor(message.texts, "MESSAGE");
    for (const std::string& binary : message.binaries)
        if (!found && begins_encrypted(binary))
            found = binary;
    if (!found)
        return Cover::none;
    if (!is_within_bounds(*found))
        return Cover::unreadable;
    octets = std::move(*found);
    return Cover::sealed;
}

void find_key(const Message& message, OpenPgpParts& parts)
{
    for (const auto& [name, value] : message.header.fields)
        if (equal_ignoring_case(name, "Autocrypt"))
            if (auto field = parse_autocrypt(value);
                field && is_author(field->address, message.header.from)) {
                parts.key = std::move(field->key);
                parts.key_address = field->address;
            }
    if (!parts.key.empty())
        return;
    auto found = find_armor(message.texts, "PUBLIC KEY BLOCK");
    for (const std::string& binary : message.binaries)
        if (!found && is_public_key(binary))
            found = binary;
    if (found && is_public_key(*found))
        parts.key = std::move(*found);
}
