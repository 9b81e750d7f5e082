#include "openpgp/openpgp.hh"
#include "openpgp/packets.hh"
#include "samples.hh"

#include <doctest/doctest.h>

using namespace std::string_literals;

namespace {

const std::string message =
    "\x84\x4d\3" + std::string(76, 'k') + "\xd2\xc0\x6c\1" + std::string(299, '\xdd');
const std::string armor = armored(message, "MESSAGE");

std::string part(const std::string& type, const std::string& body)
{
    return "--b\nContent-Type: " + type + "\n\n" + body + "\n";
}

std::string multipart(const std::string& type, const std::string& parts)
{
    return "From: alice@example.net\nContent-Type: multipart/" + type + "; boundary=b\n\n" + parts +
           "--b--\n";
}

const std::string version = part("application/pgp-encrypted", "Version: 1"),
                  octet_stream = "application/octet-stream",
                  base64 = "\nContent-Transfer-Encoding: base64";

bool is_sealed(const std::string& mail)
{
    const Mail read = read_mail(mail);
    CHECK((read.cover == Cover::sealed) == !read.openpgp.message.empty());
    return read.cover == Cover::sealed && read.openpgp.message == message;
}

std::string with_field(const std::string& field, const std::string& more = "")
{
    return "From: Alice <alice@example.net>\n" + more + field + "\nSubject: x\n\nHello\n";
}

const std::string autocrypt =
    "Autocrypt: addr=alice@example.net; prefer-encrypt=mutual; keydata=" + alice_key_base64;

std::string key_in(const std::string& mail) { return read_mail(mail).openpgp.key; }

bool has_alices(const std::string& mail) { return key_in(mail) == alice_key(); }

} // namespace

TEST_CASE("an encrypted message is found in every form of PGP/MIME (RFC 3156 4)")
{
    const std::string type = "encrypted; protocol=\"application/pgp-encrypted\"";
    CHECK(is_sealed(multipart(type, version + part(octet_stream, armor))));
    // Exchange makes multipart/mixed of it, and adds an empty text.
    CHECK(is_sealed(multipart("mixed", part("text/plain", "") + version +
                                           part(octet_stream + "; name=encrypted.asc", armor))));
    CHECK(is_sealed(multipart("mixed", version + part(octet_stream + base64, to_base64(armor)))));
    CHECK(is_sealed(multipart(type, part(octet_stream, armor) + version)));
    CHECK(is_sealed(multipart("mixed", part("application/pgp-encrypted", armor))));
    CHECK(is_sealed(multipart("mixed", part("text/plain; name=encrypted.asc", armor))));
    // A mailing system puts it into multipart/mixed, and a footer behind it.
    CHECK(is_sealed("Content-Type: multipart/mixed; boundary=a\n\n--a\n" +
                    multipart(type, version + part(octet_stream, armor)) +
                    "\n--a\n\nchecked by antivirus\n--a--\n"));
    // Without the armor that the RFC wants.
    CHECK(is_sealed(multipart(type, version + part(octet_stream + base64, to_base64(message)))));
    // An attachment that is encrypted, with nothing around it.
    CHECK(is_sealed("Content-Type: " + octet_stream + "\n\n" + armor));
}

TEST_CASE("an encrypted message is found inline in a text")
{
    CHECK(is_sealed("Subject: x\n\nHello,\n\n" + armor + "\n-- \nBye\n"));
    CHECK(is_sealed("Content-Type: text/plain" + base64 + "\n\n" + to_base64(armor)));
    std::string lines = armor;
    for (std::size_t at = 0; (at = lines.find('\n', at)) != lines.npos; at += 5)
        lines.replace(at, 1, "<br>\n");
    CHECK(is_sealed("Content-Type: text/html\n\n<html><body>" + lines + "</body></html>"));
}

TEST_CASE("an encrypted message is found in what mail programs make of its lines")
{
    std::string quoted = "> " + armor;
    for (std::size_t at = 0; (at = quoted.find('\n', at)) != quoted.npos; at += 3)
        quoted.insert(at + 1, "> ");
    CHECK(is_sealed("Subject: x\n\n" + quoted));
    CHECK(is_sealed("Content-Type: text/html\n\n<html><blockquote>" + armor + "</blockquote>"));
    CHECK(is_sealed("Content-Type: text/html\n\n<html>Hello " + armor + " Bye"));
    // One part is damaged, and the next is whole.
    CHECK(is_sealed(multipart("alternative", part("text/plain", armor.substr(0, 200)) +
                                                 part("text/html", "<pre>" + armor + "</pre>"))));
    for (const char* type : {"pgp", "x-pgp", "pgp-signature", "x-unknown"})
        CHECK_MESSAGE(is_sealed(multipart(
                          "mixed", part("text/plain", "Hello") +
                                       part("application/" + (type + base64), to_base64(message)))),
                      type);
    const auto cover = [](const std::string& mail) { return read_mail(mail).cover; };
    CHECK(cover("Subject: x\n\nsee -----BEGIN PGP MESSAGE----- in it\n") == Cover::none);
}

TEST_CASE("an encrypted message that gpg does not get is told from none")
{
    const auto cover = [](const std::string& mail) { return read_mail(mail).cover; };
    CHECK(cover("Subject: x\n\n" + armored("\xd2\x02\1x", "MESSAGE")) == Cover::unreadable);
    CHECK(cover("Subject: x\n\n-----BEGIN PGP MESSAGE-----\n\nnothing.\n") == Cover::unreadable);
    CHECK(cover(multipart("encrypted",
                          version + part(octet_stream + base64, to_base64("\xc3\2\4\7")))) ==
          Cover::unreadable);
    CHECK(cover("Subject: x\n\nHello\n") == Cover::none);
    CHECK(cover("Subject: x\n\n> " + armor.substr(0, 28) + "> \n> AAAA\n") == Cover::none);
    CHECK(cover("Content-Type: image/jpeg" + base64 + "\n\n" + to_base64(message)) == Cover::none);
    CHECK(cover("Content-Type: message/rfc822\n\nSubject: x\n\n" + armor) == Cover::none);
}

TEST_CASE("the author's key is the last valid one in an Autocrypt field that names the author")
{
    CHECK(has_alices(with_field(autocrypt)));
    CHECK(read_mail(with_field(autocrypt)).openpgp.key_address == "alice@example.net");
    CHECK(has_alices(with_field("autocrypt: ADDR=Alice@Example.NET;keydata= " + alice_key_base64)));
    CHECK(has_alices(with_field(
        "Autocrypt: _new=1; addr=alice@example.net; keydata=" + alice_key_base64.substr(0, 70) +
        "\n\t" + alice_key_base64.substr(70) + ";")));
    const std::string other = alice_key().substr(0, 403), // without its subkey
        earlier = "Autocrypt: addr=alice@example.net; keydata=" + to_base64(other) + "\n";
    CHECK(has_alices(with_field(autocrypt, earlier)));
    for (const char* field : {"Autocrypt: addr=alice@example.net; keydata=AAAA",
                              "Autocrypt: addr=bob@example.net; keydata=", "Autocrypt:",
                              "Autocrypt: addr=alice@example.net; critical=1; keydata="}) {
        const std::string whole = field + alice_key_base64;
        CHECK(key_in(with_field(whole)) == "");
        CHECK(key_in(with_field(whole, earlier)) == other);
    }
    CHECK(key_in(with_field(autocrypt, "From: bob@example.net\n")) == "");
    CHECK(key_in("From: a@example.net, alice@example.net\n" + autocrypt + "\n\nHello\n") == "");
    CHECK(has_alices(autocrypt + "\n\nHello\n")); // the author may stand on the cover
}

TEST_CASE("without such a field the author's key is an attachment, or stands in a text")
{
    const std::string key = armored(alice_key(), "PUBLIC KEY BLOCK");
    const std::string text = part("text/plain", "Hello");
    CHECK(has_alices(multipart("mixed", text + part("application/pgp-keys; name=key.asc", key))));
    CHECK(
        has_alices(multipart("mixed", text + part(octet_stream + base64, to_base64(alice_key())))));
    CHECK(has_alices(
        multipart("mixed", text + part("application/pgp-keys" + base64, to_base64(alice_key())))));
    CHECK(has_alices("From: alice@example.net\n\nHello\n\n" + key));
    CHECK(read_mail("From: alice@example.net\n\n" + key).openpgp.key_address == "");
    CHECK(key_in("From: alice@example.net\n\n" + armored("no key", "PUBLIC KEY BLOCK")) == "");
    CHECK(
        key_in(multipart("mixed", "--b\nContent-Type: message/rfc822\n\nFrom: bob@example.net\n\n" +
                                      key + "\n" + text)) == "");
    const std::string other = alice_key().substr(0, 403);
    CHECK(key_in(with_field("Autocrypt: addr=alice@example.net; keydata=" + to_base64(other)) +
                 key) == other);
}

TEST_CASE("of several keys that are attached the one with the author's address counts")
{
    std::string other = alice_key();
    other.replace(other.find("<alice@"), 7, "<carol@");
    other.replace(other.find("alice@"), 6, "carol@");
    const std::string text = part("text/plain", "Hello");
    const auto attached = [](const std::string& key) {
        return part("application/pgp-keys" + base64, to_base64(key));
    };
    REQUIRE(is_public_key(other));
    CHECK(has_alices(multipart("mixed", text + attached(other) + attached(alice_key()))));
    CHECK(has_alices(multipart("mixed", text + attached(alice_key()) + attached(other))));
    CHECK(has_alices("From: alice@example.net\n\n" + armored(other, "PUBLIC KEY BLOCK") + "\n" +
                     armored(alice_key(), "PUBLIC KEY BLOCK")));
    CHECK(key_in("From: bob@example.net\nContent-Type: multipart/mixed; boundary=b\n\n" +
                 attached(other) + attached(alice_key()) + "--b--\n") == other);
}

TEST_CASE("a whole mail without a field of MIME has a header, too")
{
    const std::string author = "From: alice@example.net\n";
    for (const std::string& mail :
         {author + autocrypt + "\n\nHello\n", autocrypt + "\n\nHello\n",
          "Subject: x\n" + author + autocrypt + "\n\nHello\n",
          "MIME-Version: 1.0\n" + autocrypt + "\n\nHello\n",
          "From alice@example.net Thu Nov 26 10:00:00 2026\n" + author + autocrypt + "\n\nHello\n"})
        CHECK_MESSAGE(read_decrypted_mail(mail).openpgp.key == alice_key(), mail);
}

TEST_CASE("a part that shows the header inside an encrypted mail makes no report")
{
    const auto is_report = [](const std::string& type) {
        return read_decrypted_mail(
                   multipart("mixed", part(type, "Subject: x") + part("text/plain", "Hello")))
            .header.report;
    };
    CHECK_FALSE(is_report("text/rfc822-headers; protected-headers=\"v1\""));
    CHECK(is_report("text/rfc822-headers"));
}

TEST_CASE("what was encrypted is a mail, or a text without a header")
{
    const auto language = [](const std::string& octets) {
        return read_decrypted_mail(octets).language; // known by the words of a text alone
    };
    for (const char* octets :
         {"Content-Type: text/plain; charset=utf-8\n\nпривет, мир", "\nпривет, мир",
          "Subject: x\r\nContent-Type: text/plain;\r\n\tcharset=utf-8\r\n\r\nпривет, мир",
          "привет, мир", "привет:\n\nмир", "Привет: мир\n\nпривет", "Note\nwell: привет, мир\n\n",
          "X: привет, мир"})
        CHECK_MESSAGE(language(octets) == "ru", octets);
    const Mail mail = read_decrypted_mail("From: alice@example.net\nContent-Type: text/plain\n\nx");
    CHECK(mail.header.from == std::vector<std::string>{"alice@example.net"});
}

TEST_CASE(
    "the mail inside has the trace, the author and the signs of its cover, and its own fields")
{
    const Mail cover = read_mail(
        "Return-Path: <alice@example.net>\nReceived: by mx; Thu, 26 Nov "
        "2026 10:00:00 +0000\nFrom: alice@example.net\nPrecedence: bulk\n"
        "Message-ID: <out@x>\nDate: Sat, 21 Nov 2026 10:00:00 +0000\n\n");
    const auto inside = [&](const std::string& header) {
        return merged(cover, read_decrypted_mail(header + "Content-Type: text/plain\n\nx"), false);
    };
    const Mail mail = inside(
        "Return-Path: <bob@example.net>\nReceived: by x; Thu, 1 Jan 2026 10:00:00 +0000\n"
        "Authentication-Results: mx; spf=pass\nX-Original-To: x@x\nFrom: bob@example.net\n"
        "Message-ID: <in@x>\nDate: Thu, 26 Nov 2026 09:00:00 +0000\nAuto-Submitted: no\n");
    CHECK(mail.cover == Cover::opened);
    CHECK(*mail.header.find("Message-ID") == "<in@x>");
    CHECK(*mail.header.find_in_trace("Return-Path") == "<alice@example.net>");
    CHECK_FALSE(mail.header.find("Authentication-Results"));
    CHECK_FALSE(mail.header.find("X-Original-To"));
    CHECK(mail.header.find("Precedence"));
    CHECK(mail.header.find("Auto-Submitted"));
    CHECK(mail.header.sent == cover.header.sent);
    CHECK(mail.header.from == std::vector<std::string>{"alice@example.net"});
    CHECK(mail.header.authors == std::vector<std::string>{"bob@example.net", "alice@example.net"});
    CHECK(*inside("Subject: x\n").header.find("Message-ID") == "<out@x>");

    const Mail undated = read_mail("From: a@x\nDate: Sat, 21 Nov 2026 10:00:00 +0000\n\n");
    const Mail dated = read_decrypted_mail(
        "Date: Thu, 26 Nov 2026 09:00:00 +0000\n"
        "Content-Type: text/plain\n\nx");
    CHECK(merged(undated, dated, false).header.sent == dated.header.sent);
    CHECK(merged(undated, Mail(), false).header.sent == undated.header.sent);
}

TEST_CASE(
    "the key is that of the mail inside, else that of the cover if the mail is signed with it")
{
    const Mail cover = read_mail(with_field(autocrypt)),
               bare = read_mail("From: alice@example.net\n\n");
    const auto inside = [](const std::string& header) {
        return read_decrypted_mail(header + "\nContent-Type: text/plain\n\nx");
    };
    const std::string bobs = "Autocrypt: addr=bob@example.net; keydata=" + alice_key_base64;
    const auto owner = [](const Mail& mail) {
        CHECK((mail.openpgp.key == alice_key()) == !mail.openpgp.key_address.empty());
        CHECK(mail.openpgp.message == "");
        return mail.openpgp.key_address;
    };
    CHECK(owner(merged(cover, inside("Subject: x"), true)) == "alice@example.net");
    CHECK(owner(merged(cover, inside("Subject: x"), false)) == "");
    CHECK(owner(merged(bare, inside(autocrypt), false)) == "alice@example.net");
    CHECK(owner(merged(bare, inside("From: alice@example.net\n" + autocrypt), false)) ==
          "alice@example.net");
    CHECK(owner(merged(bare, inside(bobs), false)) == "");
    CHECK(owner(merged(bare, inside("From: bob@example.net\n" + bobs), false)) ==
          "bob@example.net");
    const std::string key = armored(alice_key(), "PUBLIC KEY BLOCK");
    CHECK(owner(merged(bare, read_decrypted_mail(key), false)) == "alice@example.net");
    CHECK(owner(merged(bare,
                       read_decrypted_mail("From: bob@example.net\nContent-Type: "
                                           "text/plain\n\n" +
                                           key),
                       false)) == "bob@example.net");
}
