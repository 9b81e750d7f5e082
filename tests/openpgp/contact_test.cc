#include "openpgp/contact.hh"

#include "openpgp/armor.hh"

#include <doctest/doctest.h>

TEST_CASE("a vCard has the address, the name and the whole key, in lines of 75 octets")
{
    const std::string key(500, '\xfe');
    const std::string card = vcard("a;b@example.org", "Snow, flake", key);
    CHECK(
        card.starts_with("BEGIN:VCARD\r\nVERSION:4.0\r\nEMAIL:a\\;b@example.org\r\n"
                         "FN:Snow\\, flake\r\nKEY:data:application/pgp-keys;base64,"));
    CHECK(card.ends_with("\r\nEND:VCARD\r\n"));
    std::string unfolded;
    for (std::size_t at = 0; at < card.size();) {
        const auto end = card.find("\r\n", at);
        CHECK(end - at <= 75);
        unfolded +=
            card[at] == ' ' ? card.substr(at + 1, end - at - 1) : "\n" + card.substr(at, end - at);
        at = end + 2;
    }
    CHECK(unfolded.find("\nKEY:data:application/pgp-keys;base64," + to_base64(key) + "\nEND") !=
          unfolded.npos);
}

TEST_CASE("an invitation has numbers of its address, and nothing that ends a part of the link")
{
    const std::string number = invite_number("snowflake@example.org");
    CHECK(number.size() == 24);
    CHECK(number == invite_number("Snowflake@Example.ORG"));
    CHECK(number != invite_number("snowflake@example.net"));
    const std::string link = invite_link("a&b@example.org", "Snow & flake", "ABCD");
    CHECK(link.starts_with("https://i.delta.chat/#ABCD&i=" + invite_number("a&b@example.org") +
                           "&s="));
    CHECK(link.ends_with("&a=a%26b%40example.org&n=Snow%20%26%20flake"));
    CHECK(link.find(invite_number("a&b@example.org"), 60) == link.npos); // the secret is another
}
