// Armor, packets and vCards. The input: octets, or a text with armor or a key.
#include "checks.hh"
#include "openpgp/armor.hh"
#include "openpgp/contact.hh"
#include "openpgp/packets.hh"

void fuzz(std::string_view input)
{
    const std::string octets = dearmored(input, "MESSAGE").value_or(std::string(input));
    check(dearmored(armored(octets, "MESSAGE"), "MESSAGE") == octets,
          "what is put into armor comes out of it");
    check(!is_public_key(octets) || (!begins_encrypted(octets) && octets.size() <= 16384 &&
                                     fingerprint_of(octets).size() == 40),
          "a key is no message, is short and has a fingerprint");
    const auto key = key_of_vcard(input);
    check(!key || key_of_vcard(vcard("a@b", "A", *key)) == key, "a vCard gives back its key");
    if (!is_within_bounds(octets))
        return;
    check(begins_encrypted(octets), "a message within bounds begins as one");
    const std::string renewed = with_new_heads(octets);
    check(is_within_bounds(renewed), "with new heads it is still within bounds");
    check(with_new_heads(renewed) == renewed, "new heads stay");
    check((renewed[0] & 0x40) != 0, "the first head is new");
}
