#include "openpgp/armor.hh"

#include <doctest/doctest.h>

namespace {

const std::string sample =
    "-----BEGIN PGP MESSAGE-----\n\n"
    "MTIzNDU2Nzg5MTIzNDU2Nzg5MTIzNDU2Nzg5MTIzNDU2Nzg5MTIzNDU2Nzg5MTIz\n"
    "NDU2Nzg5\n"
    "=XGNv\n"
    "-----END PGP MESSAGE-----\n";
const std::string octets = "123456789123456789123456789123456789123456789123456789";

std::string replaced(std::string text, const std::string& from, const std::string& to)
{
    for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size())
        text.replace(at, from.size(), to);
    return text;
}

} // namespace

TEST_CASE("armor has lines of 64 characters and a checksum")
{
    CHECK(armored(octets, "MESSAGE") == sample);
    CHECK(armored("123456789", "MESSAGE").find("\n=Ic8C\n") != std::string::npos);
    CHECK(dearmored(armored(std::string(1000, '\xff'), "MESSAGE"), "MESSAGE") ==
          std::string(1000, '\xff'));
}

TEST_CASE("armor is read whatever mail programs and systems made of it")
{
    const std::string whole = sample;
    for (const std::string& text :
         {whole, replaced(whole, "\n", "\r\n"), replaced(whole, "\n", " \t\n"),
          replaced(whole, "\n", "\n  "), replaced(whole, "\n", "\n\n"),
          replaced(whole, "-----\n\n", "-----\n"), replaced(whole, "=XGNv\n", ""),
          replaced(whole, "=XGNv", "=AAAA"), replaced(whole, "-----END PGP MESSAGE-----\n", ""),
          replaced(whole, "-----\n\n", "-----\nVersion: GnuPG v2\nComment: a: b\n\n"),
          "Hello\n\n" + whole + "\n-- \nfooter\n",
          replaced(whole, "Nzg5MTIz\nNDU2", "Nzg5\nMTIzNDU2"),
          "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----\n" +
              whole})
        CHECK_MESSAGE(dearmored(text, "MESSAGE") == octets, text);
}

TEST_CASE("blanks and characters that armor has not are left out")
{
    const std::string padded = armored("1234567", "MESSAGE");
    for (const std::string& text :
         {"\ufeff" + padded, replaced(padded, "\n", "\u00a0\n"),
          replaced(padded, "MTIz", "MT\u200bIz"), replaced(padded, " ", "\u00a0"),
          replaced(padded, "-----\n\n", "-----\n\u00a0\n"),
          replaced(padded, "-----", "\u2014\u2014-"), replaced(padded, "-----B", "- -----B")})
        CHECK_MESSAGE(dearmored(text, "MESSAGE") == "1234567", text);
}

TEST_CASE("armor is read whose line breaks were lost, moved or added")
{
    const auto octets_in = [](const std::string& text) {
        const auto armors = find_armors(text, "MESSAGE");
        return armors.size() == 1 ? armors[0].octets : "";
    };
    for (std::size_t length = 70; length < 73; ++length) { // each padding
        const std::string octets(length, 'x'), whole = armored(octets, "MESSAGE");
        const std::string with_field = replaced(
            whole, "-----\n\n", "-----\nComment: see https://example.net/a for all of it\n\n");
        for (const std::string& text :
             {replaced(whole, "\n", " "), replaced(whole, "\n", ""),
              replaced(with_field, "\n", " "), replaced(whole, "\n=", "="),
              replaced(replaced(whole, "\n=", "="), "\n-----E", "-----E"),
              replaced(with_field, "for all", "for\nall"), replaced(with_field, "\n\n", "\n"),
              "Hello " + replaced(whole, "\n", " ") + " Bye"})
            CHECK_MESSAGE(octets_in(text) == octets, text);
    }
    CHECK(octets_in("-----BEGIN PGP MESSAGE-----\nComment: a b\n-----END PGP MESSAGE-----\n") ==
          "");
    CHECK(octets_in("-----BEGIN PGP MESSAGE-----\n\nMTIzNDU2=Nzg5=XGNv\n") == "");
}

TEST_CASE("quoted armor is read, behind that which isn't quoted")
{
    const std::string other = armored("other", "MESSAGE");
    const auto quoted = [](const std::string& mark, const std::string& text) {
        return replaced(mark + text, "\n", "\n" + mark);
    };
    for (const char* mark : {"> ", ">", "> > ", ">> ", "| ", "\t> "}) {
        const auto armors = find_armors(quoted(mark, other) + "\n\nHello\n\n" + sample, "MESSAGE");
        REQUIRE_MESSAGE(armors.size() == 2, mark);
        CHECK(armors[0].stands_alone);
        CHECK(armors[0].octets == octets);
        CHECK_FALSE(armors[1].stands_alone);
        CHECK(armors[1].octets == "other");
    }
    // Somebody has cut its end off.
    const auto armors =
        find_armors("> -----BEGIN PGP MESSAGE-----\n> \n> MTIz\n> [...]\n\n" + sample, "MESSAGE");
    REQUIRE(armors.size() == 2);
    CHECK(armors[0].octets == octets);
    CHECK(find_armors("see -----BEGIN PGP MESSAGE----- for it\n", "MESSAGE")[0].octets == "");
}

TEST_CASE("what is no armor of that kind is none, and what is no base64 is empty")
{
    CHECK_FALSE(dearmored("", "MESSAGE"));
    CHECK_FALSE(dearmored(sample, "PUBLIC KEY BLOCK"));
    CHECK_FALSE(dearmored("> -----BEGIN PGP MESSAGE-----\n> \n> AAAA\n", "MESSAGE"));
    CHECK_FALSE(dearmored("see -----BEGIN PGP MESSAGE-----\n\nAAAA\n", "MESSAGE"));
    CHECK(dearmored("-----BEGIN PGP MESSAGE-----\n", "MESSAGE") == "");
    CHECK(dearmored(replaced(sample, "NDU2", "ND!2"), "MESSAGE") == "");
    CHECK(dearmored(replaced(sample, "NDU2", "ND=2"), "MESSAGE") == "");
    CHECK(dearmored(replaced(sample, "NDU2", "-- \nfooter"), "MESSAGE") == "");
}

TEST_CASE("base64 may have blanks in it and lack its padding")
{
    CHECK(from_base64(" AQ I\tD\r\n") == "\1\2\3");
    CHECK(from_base64("AQI=") == "\1\2");
    CHECK(from_base64("AQI") == "\1\2");
    CHECK(from_base64("AQ==") == "\1");
    for (const char* text :
         {"", " ", "=", "====", "A", "A===", "AQ=I", "AQI=AQID", "AQ-_", "AQ\xc2"})
        CHECK_FALSE(from_base64(text));
}
