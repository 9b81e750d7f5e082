#include "openpgp/packets.hh"

#include "samples.hh"

#include <doctest/doctest.h>

using namespace std::string_literals;

namespace {

std::string new_packet(int tag, const std::string& body)
{
    return std::string{static_cast<char>(0xc0 | tag), '\xff'} + big_endian(body.size(), 4) + body;
}

const std::string session_key = new_packet(1, "\3" + std::string(76, 'k')),
                  data = new_packet(18, "\1" + std::string(300, 'd'));

std::string repeated(const std::string& text, int count)
{
    std::string all;
    while (count-- > 0)
        all += text;
    return all;
}

} // namespace

TEST_CASE("a User ID of a key is an address, or has it in angle brackets (RFC 9580 5.11)")
{
    const std::string address = "Alice@example.net", front = new_packet(6, "\4 key");
    for (const char* id : {"alice@example.net", "<alice@example.net>", "A (b) <ALICE@example.net>"})
        CHECK_MESSAGE(has_user_id_with(front + new_packet(13, "Bob") + new_packet(13, id), address),
                      id);
    for (const char* id : {"malice@example.net", "<alice@example.net.org>", "Alice", " "})
        CHECK_FALSE_MESSAGE(has_user_id_with(front + new_packet(13, id), address), id);
    CHECK_FALSE(has_user_id_with(front + new_packet(2, "<alice@example.net>"), address));
}

TEST_CASE("gpg gets 1 to 16 session keys for public keys and one packet of data, and nothing else")
{
    CHECK(is_within_bounds(session_key + data));
    CHECK(is_within_bounds(repeated(session_key, 16) + data));
    CHECK(is_within_bounds(session_key + new_packet(20, "\1\7\2x")));
    for (const std::string& message :
         {""s, data, session_key, repeated(session_key, 17) + data,
          session_key + data + session_key, session_key + data + "\n", session_key + data + data,
          session_key + "text" + data, session_key + new_packet(18, "\2\7\2x"), // RFC 9580 5.13.2
          new_packet(1, "\6" + std::string(60, 'k')) + data,                    // version 6
          new_packet(3, "\4\7\3\10saltsalt\140") + data,                        // of a password
          session_key + new_packet(3, "\4\7\3\10saltsalt\140") + data,
          session_key + new_packet(9, "x"), // without protection
          session_key + new_packet(8, "\1x"), new_packet(11, "b\0\0\0\0\0x"s)})
        CHECK_FALSE(is_within_bounds(message));
}

TEST_CASE("GnuPG's own packet is known, behind any number of session keys")
{
    const std::string own = new_packet(20, "\1\7\2x");
    CHECK(has_authenticated_data(session_key + own));
    CHECK(has_authenticated_data(repeated(session_key, 16) + own));
    CHECK_FALSE(has_authenticated_data(session_key + data));
    CHECK_FALSE(has_authenticated_data(session_key));
    CHECK_FALSE(has_authenticated_data(""));
}

TEST_CASE("packets are walked whatever their heads are, and none may end behind the message")
{
    const std::string body = "\1" + std::string(299, 'd'), key = "\3" + std::string(76, 'k');
    const std::string session_keys[] = {"\x84\x4d" + key, "\x85" + big_endian(77, 2) + key,
                                        "\x86" + big_endian(77, 4) + key, "\xc1\x4d" + key,
                                        "\xc1\xff" + big_endian(77, 4) + key};
    const std::string all_data[] = {
        "\xd2\xc0\x6c" + body,                                        // 4.2.1.2
        "\xd2\xff" + big_endian(300, 4) + body,                       // 4.2.1.3
        "\xd2\xe8" + body.substr(0, 256) + "\x2c" + body.substr(256), // 4.2.1.4
        "\xd2\xe7" + body.substr(0, 128) + "\xe7" + body.substr(128, 128) + "\xe5" +
            body.substr(256, 32) + "\x0c" + body.substr(288)};
    for (const std::string& session : session_keys)
        for (const std::string& encrypted : all_data) {
            const std::string message = session + encrypted;
            CHECK(is_within_bounds(message));
            for (std::size_t size = 0; size < message.size(); ++size)
                CHECK_FALSE(is_within_bounds(message.substr(0, size)));
            CHECK_FALSE(is_within_bounds(message + "\xd2"));
        }
    CHECK_FALSE(is_within_bounds("\xc1\xff\xff\xff\xff\xff"s + key));
    CHECK_FALSE(is_within_bounds(session_keys[0] + "\xd2\xfe" + body));
}

TEST_CASE("a message that is no message to gpg is known as encrypted all the same")
{
    CHECK(begins_encrypted(session_key));
    CHECK(begins_encrypted(data));
    CHECK(begins_encrypted(new_packet(3, "\4")));
    CHECK_FALSE(begins_encrypted(alice_key()));
    CHECK_FALSE(begins_encrypted(""));
    CHECK_FALSE(begins_encrypted("\xff\xd8\xff\xe0 a picture"));
}

TEST_CASE("a session key's head is written in the new format, and nothing else changes")
{
    const std::string body = "\3" + std::string(300, 'k'), big = "\3" + std::string(9000, 'k'),
                      small = "\3" + std::string(93, 'k');
    CHECK(with_new_heads("\x84\x5e" + small + "\x85" + big_endian(301, 2) + body + "\x85" +
                         big_endian(9001, 2) + big + data) == "\xc1\x5e" + small + "\xc1\xc0\x6d" +
                                                                  body + "\xc1\xff" +
                                                                  big_endian(9001, 4) + big + data);
    CHECK(with_new_heads("\xc1\x5e" + small + data) == "\xc1\x5e" + small + data);
}

TEST_CASE("a person's key is one public key of version 4, and not over 16 kB")
{
    const std::string key = alice_key();
    CHECK(is_public_key(key));
    CHECK(fingerprint_of(key) == "6EA77E599B709B753CA5692EB9C777DF1EDF784B");
    for (std::size_t size = 0; size < key.size(); ++size)
        CHECK(is_public_key(key.substr(0, size)) ==
              (size == 53 || size == 235 || size == 256 || size == 403 || size == 461));
    CHECK_FALSE(is_public_key(key + key)); // whose is it?
    CHECK_FALSE(is_public_key(key + data));
    CHECK_FALSE(is_public_key("\xc5" + key.substr(1)));  // a secret key
    CHECK_FALSE(is_public_key(new_packet(6, "\6rest"))); // version 6
    CHECK(is_public_key(key + new_packet(2, std::string(15'000, 's'))));
    CHECK_FALSE(is_public_key(key + new_packet(2, std::string(16'000, 's'))));
}
