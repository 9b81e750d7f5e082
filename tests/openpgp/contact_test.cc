#include "openpgp/contact.hh"

#include "openpgp/openpgp.hh"
#include "samples.hh"

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

TEST_CASE("a key is found in a vCard of any version, however it stands there")
{
    const auto key_of = [](const std::string& property, const std::string& end = "\r\n") {
        return key_of_vcard("BEGIN:VCARD" + end + "EMAIL:a@example.org" + end + property + end +
                            "END:VCARD" + end);
    };
    std::string folded = alice_key_base64, escaped_armor;
    for (std::size_t at = 70; at < folded.size(); at += 73)
        folded.insert(at, "\r\n ");
    for (const char c : armored(alice_key(), "PUBLIC KEY BLOCK"))
        escaped_armor += c == '\n' ? "\\n" : std::string(1, c);
    const std::string data = "data:application/pgp-keys;base64,";
    for (const std::string& property :
         {"KEY:" + data + alice_key_base64, "KEY:" + data + folded,
          "KEY:data:application/pgp-keys;base64\\," + alice_key_base64,
          "KEY;PREF=1:" + data + alice_key_base64, "item1.KEY:" + data + alice_key_base64,
          "key;mediatype=application/pgp-keys:DATA:application/pgp-keys;base64," + alice_key_base64,
          "KEY;TYPE=PGP;ENCODING=b:" + folded, "KEY;ENCODING=b;TYPE=PGP:" + alice_key_base64,
          "KEY;PGP;ENCODING=BASE64:" + folded + "\r\n", "KEY;VALUE=text:" + escaped_armor,
          "KEY:https://example.org/key\r\nKEY:AAAA\r\nKEY:" + data + alice_key_base64})
        CHECK_MESSAGE(key_of(property) == alice_key(), property);
    CHECK(key_of("KEY:" + data + alice_key_base64, "\n") == alice_key());

    for (const char* property :
         {"", "KEY", "KEY:", "KEY:data:", "KEY:data:,", "KEY:data:application/pgp-keys;base64,AAAA",
          "KEY:https://example.org/key", "KEY;", "KEY:\\", "KEY:data:,%", ".:"})
        CHECK_FALSE_MESSAGE(key_of(property), property);
    CHECK_FALSE(key_of("KEYS:" + data + alice_key_base64));
    CHECK_FALSE(key_of_vcard(""));
    CHECK_FALSE(key_of_vcard(" \r\n\r\n "));
}

TEST_CASE("a file has one key: a vCard's, in armor, or as it is")
{
    CHECK(find_service_key(alice_key()) == alice_key());
    CHECK(find_service_key("Here:\n\n" + armored(alice_key(), "PUBLIC KEY BLOCK")) == alice_key());
    CHECK(find_service_key(vcard("a@example.org", "A", alice_key())) == alice_key());
    CHECK_FALSE(find_service_key(alice_key() + alice_key()));
    CHECK_FALSE(find_service_key(armored(alice_key() + alice_key(), "PUBLIC KEY BLOCK")));
    CHECK_FALSE(find_service_key(armored(alice_key(), "MESSAGE")));
    CHECK_FALSE(find_service_key(""));
}
