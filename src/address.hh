#pragma once
#include <string>
#include <string_view>

// Mail addresses as an envelope carries them (RFC 5321 4.1.2): compared, never taken apart further
// than "@".

// Without surrounding blanks and angle brackets. "", "<>" and MAILER-DAEMON without a domain are
// the null sender and give "".
std::string bare_address(std::string_view text);

// Whether it may stand in a header field and in an argument: one address of 320 octets at most,
// without control characters, blanks, lists.
bool is_sendable(std::string_view address);

bool has_control(std::string_view text);

// Without regard to case: whether a local part tells upper from lower case is known to nobody but
// its host (RFC 5321 2.4).
bool same_address(std::string_view a, std::string_view b);

// The address of one mailbox with or without a display name (RFC 5322 3.4); "" where the text is
// none.
std::string mailbox_address(std::string_view mailbox);

// Without what forwarders and signers put around it: SRS0=, SRS1=, BATV's prvs=, Barracuda's
// btv1==. For counting and comparing, never for answering.
std::string undo_rewriting(std::string_view address);

// One form for all the addresses of one person: rewriting undone, case folded, without
// "+extension", Gmail's dots. For counting, never for answering.
std::string canonical_address(std::string_view address);
