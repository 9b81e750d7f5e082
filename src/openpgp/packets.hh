#pragma once
#include <string>
#include <string_view>

// The packets of OpenPGP (RFC 9580 4). Their heads are walked here; what is in them is gpg's.

// Whether gpg may be started for a message: 1 to 16 session keys that are encrypted to public keys
// (5.1, version 3), then one packet of encrypted data (5.13.1, or GnuPG's own tag 20), to the end.
// gpg tries each session key of an anonymous recipient with each secret key.
bool is_within_bounds(std::string_view message);

// Whether what is encrypted in a message within bounds is GnuPG's own packet.
bool has_authenticated_data(std::string_view message);

// Whether the octets begin as a message that is encrypted, within bounds or not.
bool begins_encrypted(std::string_view octets);

// Whether the octets are one public key (10.1.1) of version 4 and of 16,384 octets at most, and
// nothing else. The time that gpg takes for a key grows with the square of its length.
bool is_public_key(std::string_view octets);

// Whether a User ID of a public key (5.11) is that address, or has it in angle brackets.
bool has_user_id_with(std::string_view public_key, std::string_view address);

// The fingerprint (5.5.4.2) of what is_public_key(): 40 hexadecimal digits in upper case.
std::string fingerprint_of(std::string_view public_key);

// The message with the heads of its session keys in the new format (4.2.1), which chatmail servers
// insist on and gpg does not write. The message is_within_bounds().
std::string with_new_heads(std::string_view message);
