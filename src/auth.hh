#pragma once
#include "message.hh"

#include <string>
#include <vector>

// What the receiving border says of the sender (RFC 8601), bound to the address that is answered.
struct Authentication {
    bool spf = false;   // of exactly that envelope sender
    bool dkim = false;  // of the From field's domain, which is also the envelope sender's
    bool dmarc = false; // the same

    bool any() const { return spf || dkim || dmarc; }
};

// Counts only Authentication-Results with an authserv-id of the list, and only above the first
// Received that isn't ours (RFC 8601 5): one whose by-host is such an id too. Of several fields
// with one id the topmost that names a method speaks for it, lest a forged one below is believed.
Authentication find_authentication(const Header& header,
                                   const std::vector<std::string>& authserv_ids,
                                   const std::string& sender);
