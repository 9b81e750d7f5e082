#pragma once
#include "header.hh"
#include "recover/recover.hh"

#include <string>
#include <string_view>

// What a mail has of OpenPGP (RFC 9580), without armor.
struct OpenPgpParts {
    std::string message;     // encrypted; "": none
    std::string key;         // the author's public key; "": none
    std::string key_address; // whom that key is for, as the mail says; "": for its author
};

// Whether a mail is a cover around another.
enum class Cover {
    none,
    sealed,     // the mail inside is encrypted
    unreadable, // it is encrypted in a way that is not read here
    opened      // it was decrypted: what is known here was inside, but for the trace
};

// All that the program wants to know of a mail. Plain data: it can be sent to another process.
struct Mail {
    Header header;
    Recovery request;
    std::string language; // of its words; "": not known
    Cover cover = Cover::none;
    OpenPgpParts openpgp;
};

// Reads hostile bytes. Any bytes have a result, and nothing else is read or changed.
Mail read_mail(std::string_view bytes);

// Reads what an encrypted message holds: a mail, or with inline armor a text without a header.
Mail read_decrypted_mail(std::string_view bytes);
