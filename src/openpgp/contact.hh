#pragma once
#include <optional>
#include <string>
#include <string_view>

// The forms in which a person's program takes the service's key.

// vCard 4.0 (RFC 6350) with an address, a name and a public key; its lines end in CR LF.
std::string vcard(std::string_view address, std::string_view name, std::string_view key);

// The octets of the first key of a vCard that is_public_key(), however the vCard has it. None: it
// has none.
std::optional<std::string> key_of_vcard(std::string_view text);

// The number that stands in our invitations for an address, and comes back in SecureJoin's
// vc-request. It is no secret.
std::string invite_number(std::string_view address);

// The link that makes Delta Chat ask for the key (SecureJoin, without v=3); a QR code of it does,
// too.
std::string invite_link(std::string_view address, std::string_view name,
                        std::string_view fingerprint);
