#pragma once
#include <string>
#include <string_view>

// Mail addresses as an envelope carries them (RFC 5321 4.1.2).

// Without surrounding blanks and angle brackets. "", "<>" and MAILER-DAEMON without a domain are
// the null sender and give "".
std::string bare_address(std::string_view text);

// Whether it is one address that can be written into a header field as it is and given as an
// argument: a Dot-string of RFC 5321 4.1.2, with or without a domain or an address literal, of 320
// octets at most, also in UTF-8 (RFC 6531 3.3). Whatever we write to or from has to pass.
bool is_sendable(std::string_view address);

bool has_control(std::string_view text);

// Compares without regard to case, also the local part: only its own host knows whether case counts
// there (RFC 5321 2.4).
bool same_address(std::string_view a, std::string_view b);

// The address of one mailbox with or without a display name (RFC 5322 3.4). "" for other text.
std::string mailbox_address(std::string_view mailbox);

// One form for all addresses of one person: what forwarders and signers made of it (SRS0=, SRS1=,
// BATV's prvs= and Barracuda's btv1==) undone, in lower case, without "+extension" and without
// Gmail's dots. For counting, and for silence: anybody can write such a form of another's address,
// so it is never answered, and nothing that is true of one of the two is true of the other.
std::string canonical_address(std::string_view address);
