#include "openpgp/wrap.hh"

#include "samples.hh"

#include <doctest/doctest.h>

namespace {

const std::string reply =
    "From: =?utf-8?q?Sn=C3=B6?=\n <snowflake@example.org>\n"
    "To: alice@example.net\n"
    "Subject: Automatic reply\n"
    "Date: Thu, 26 Nov 2026 08:01:37 +0000\n"
    "Message-Id: <1@example.org>\n"
    "In-Reply-To: <2@example.net>\n"
    "Auto-Submitted: auto-replied\n"
    "Expires: Thu, 26 Nov 2026 08:01:57 +0000\n"
    "MIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=utf-8\n"
    "Content-Transfer-Encoding: quoted-printable\n"
    "\n"
    "{\"answer\":\"v=3D0\"}\n\nline\n";

bool has(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

} // namespace

TEST_CASE("inside are the reply's own header and body, and what stands outside (RFC 9788 2)")
{
    CHECK(inside_of(reply, "X: y\n") ==
          "From: =?utf-8?q?Sn=C3=B6?=\r\n <snowflake@example.org>\r\n"
          "To: alice@example.net\r\n"
          "Subject: Automatic reply\r\n"
          "Date: Thu, 26 Nov 2026 08:01:37 +0000\r\n"
          "Message-Id: <1@example.org>\r\n"
          "In-Reply-To: <2@example.net>\r\n"
          "Auto-Submitted: auto-replied\r\n"
          "Expires: Thu, 26 Nov 2026 08:01:57 +0000\r\n"
          "Content-Type: text/plain; charset=utf-8;\r\n protected-headers=\"v1\"; hp=\"cipher\"\r\n"
          "Content-Transfer-Encoding: quoted-printable\r\n"
          "X: y\r\n"
          "HP-Outer: From: =?utf-8?q?Sn=C3=B6?=\r\n <snowflake@example.org>\r\n"
          "HP-Outer: To: alice@example.net\r\n"
          "HP-Outer: Subject: [...]\r\n"
          "HP-Outer: Date: Thu, 26 Nov 2026 08:01:37 +0000\r\n"
          "HP-Outer: Message-Id: <1@example.org>\r\n"
          "HP-Outer: Auto-Submitted: auto-replied\r\n"
          "\r\n"
          "{\"answer\":\"v=3D0\"}\r\n\r\nline\r\n");
}

TEST_CASE("a folded Content-Type keeps its parameters")
{
    const std::string folded = "Content-Type: multipart/mixed;\n boundary=b\n\nx\n";
    CHECK(inside_of(folded, "") ==
          "Content-Type: multipart/mixed;\r\n boundary=b;\r\n "
          "protected-headers=\"v1\"; hp=\"cipher\"\r\n\r\nx\r\n");
}

TEST_CASE("outside stand the encrypted message and what mail systems need, and nothing else")
{
    const std::string cover = cover_of(reply, "\xc1\2kk");
    const std::string header =
        "From: =?utf-8?q?Sn=C3=B6?=\n <snowflake@example.org>\n"
        "To: alice@example.net\n"
        "Subject: [...]\n"
        "Date: Thu, 26 Nov 2026 08:01:37 +0000\n"
        "Message-Id: <1@example.org>\n"
        "Auto-Submitted: auto-replied\n"
        "MIME-Version: 1.0\n"
        "Content-Type: multipart/encrypted; "
        "protocol=\"application/pgp-encrypted\";\n boundary=\"";
    REQUIRE(cover.starts_with(header));
    const std::string boundary = cover.substr(header.size(), 32);
    CHECK(cover.substr(header.size() + 32) ==
          "\"\n\n--" + boundary + "\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n--" +
              boundary + "\nContent-Type: application/octet-stream; name=\"encrypted.asc\"\n\n" +
              armored("\xc1\2kk", "MESSAGE") + "\n--" + boundary + "--\n");
}

TEST_CASE("a key is told in an Autocrypt field, a person's own key in Autocrypt-Gossip")
{
    const std::string field = autocrypt_field("Autocrypt", "a@example.org", alice_key());
    CHECK(field.starts_with("Autocrypt: addr=a@example.org; prefer-encrypt=mutual; keydata=\n "));
    CHECK(field.ends_with("\n"));
    CHECK(from_base64(field.substr(field.find("keydata=") + 8)) == alice_key());
    CHECK(autocrypt_field("Autocrypt-Gossip", "a@example.org", "x") ==
          "Autocrypt-Gossip: addr=a@example.org; keydata=\n eA==\n");
    CHECK_FALSE(has(field, "\n\n"));
}
