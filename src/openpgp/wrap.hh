#pragma once
#include <string>
#include <string_view>

// PGP/MIME (RFC 3156 4) around a reply, with the header inside (RFC 9788). Text to text.

// The field Autocrypt or Autocrypt-Gossip (Autocrypt Level 1, 2.1 and 2.2), with its line end.
std::string autocrypt_field(std::string_view name, const std::string& address,
                            std::string_view key);

// What is encrypted for a reply: its header and body in the form of RFC 3156 4, and with more
// fields, each with its line end. `mail` is what write_reply_mail() writes.
std::string inside_of(const std::string& mail, const std::string& more_fields);

// The mail that goes out: of the reply's header what must be seen on the way, and the encrypted
// message.
std::string cover_of(const std::string& mail, std::string_view message);
