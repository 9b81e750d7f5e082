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

// Whether both are one mailbox: domains as domain_name() has them, local parts without regard to
// case. Only its own host knows whether case counts there (RFC 5321 2.4).
bool same_address(std::string_view a, std::string_view b);

// The address of one mailbox with or without a display name (RFC 5322 3.4). "" for other text.
std::string mailbox_address(std::string_view mailbox);

// Who an address stands for.
struct Sender {
    // One form for all addresses of one person: what forwarders and signers made of it undone (SRS,
    // also Microsoft 365's; BATV's prvs= and Barracuda's btv1==), without regard to case, without
    // "+extension" and Gmail's dots, with its folded_domain(). What has nobody in it (Microsoft
    // 365's bounces+SRS=hash=day) stays.
    std::string address;
    // The folded_domain() of the forwarder that says so, whose word it is: anybody can write such a
    // form of another's address. "": it is the address itself, or its own domain's rewriting.
    std::string wrapped_by;
};

// For counting, and for silence: it is never answered, and nothing that is true of one address of a
// sender is true of another.
Sender sender_of(std::string_view address);

// The address in it, whoever says so.
std::string canonical_address(std::string_view address);

// One string for each sender, for counting: a forwarder's word of a person is another sender than
// the person.
std::string sender_identity(std::string_view address);
