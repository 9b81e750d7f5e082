#include "address.hh"
#include "ascii.hh"
#include "html.hh"
#include "openpgp/armor.hh"
#include "openpgp/openpgp.hh"
#include "openpgp/packets.hh"

#include <algorithm>
#include <iterator>

namespace {

// The armors of that kind that the person wrote.
std::vector<Armor> armors_in(const std::vector<Text>& texts, std::string_view kind)
{
    std::vector<Armor> all;
    for (const Text& text : texts)
        if (text.place == Text::Place::written && text.text.find("BEGIN") != text.text.npos)
            std::ranges::move(find_armors(text.html ? html_to_text(text.text) : text.text, kind),
                              std::back_inserter(all));
    return all;
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
    bool is_encrypted = false;
    const auto is_for_gpg = [&](const std::string& found) {
        if (is_within_bounds(found))
            octets = found;
        return !octets.empty();
    };
    for (const Armor& armor : armors_in(message.texts, "MESSAGE")) {
        if (is_for_gpg(armor.octets))
            return Cover::sealed;
        is_encrypted = is_encrypted || armor.stands_alone;
    }
    for (const std::string& binary : message.binaries) {
        if (is_for_gpg(binary))
            return Cover::sealed;
        is_encrypted = is_encrypted || begins_encrypted(binary);
    }
    return is_encrypted ? Cover::unreadable : Cover::none;
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
    std::vector<std::string> keys;
    const auto add = [&](const std::string& octets) {
        if (is_public_key(octets))
            keys.push_back(octets);
    };
    for (const Armor& armor : armors_in(message.texts, "PUBLIC KEY BLOCK"))
        add(armor.octets);
    for (const std::string& binary : message.binaries)
        add(binary);
    // A person may attach the service's key, too.
    const auto& authors = message.header.from;
    const auto own = std::find_if(keys.begin(), keys.end(), [&](const std::string& key) {
        return authors.size() == 1 && has_user_id_with(key, authors[0]);
    });
    if (!keys.empty())
        parts.key = own == keys.end() ? keys[0] : *own;
}
