#pragma once
#include "header.hh"

#include <string>
#include <vector>

// What the hosts that received the mail found out about its sender (RFC 8601), as far as it is true
// of the address that is answered.
struct Authentication {
    bool spf = false;   // of exactly that envelope sender
    bool dkim = false;  // of the From field's domain, which is also that of the envelope sender
    bool dmarc = false; // the same

    bool any() const { return spf || dkim || dmarc; }
};

// Counts only Authentication-Results with an authserv-id of the list (RFC 8601 5), and of them only
// the topmost block: the fields that have no Received between them. The mail systems of one host
// write them so, above its Received or below it. Above the block may be Received fields of ours,
// which have such an id as their by-host, and no other. Of several fields with one id only the
// topmost that names a method counts for it, and for DKIM, the topmost that names a signature: some
// verifiers write a field for each. What stands further down may be forged. Nothing counts in a
// mail with a DKIM signature whose identity is encoded: it may have forged our own field.
Authentication find_authentication(const Header& header,
                                   const std::vector<std::string>& authserv_ids,
                                   const std::string& sender);
