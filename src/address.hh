#pragma once
#include <string>
#include <string_view>

// Mail addresses as an envelope carries them (RFC 5321 4.1.2).

// Without surrounding blanks and angle brackets. "", "<>" and MAILER-DAEMON without a domain are
// the null sender and give "".
std::string bare_address(std::string_view text);

// Whether it can be written into a header field and given as an argument: it is one address, of 320
// octets at most, without control characters and blanks.
bool is_sendable(std::string_view address);

bool has_control(std::string_view text);

// Compares without regard to case, also the local part: only its own host knows whether case counts
// there (RFC 5321 2.4).
bool same_address(std::string_view a, std::string_view b);

// The address of one mailbox with or without a display name (RFC 5322 3.4). "" for other text.
std::string mailbox_address(std::string_view mailbox);

// The address that a forwarder or a signer rewrote: SRS0=, SRS1=, BATV's prvs= and Barracuda's
// btv1== are undone. For counting and comparing, never for answering.
std::string undo_rewriting(std::string_view address);

// One form for all addresses of one person: rewriting undone, in lower case, without "+extension"
// and without Gmail's dots. For counting and comparing, never for answering.
std::string canonical_address(std::string_view address);
