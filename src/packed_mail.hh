#pragma once
#include "mail.hh"

#include <optional>
#include <string>
#include <string_view>

// A mail as octets, for a pipe between two processes of this program.
std::string pack_mail(const Mail& mail);

// None: the octets are not what pack_mail() makes of a mail that read_mail() could have read. A
// stranger may have got control of the process that sent them, so nothing in them is believed:
// lengths, counts, control characters, the words of the request.
std::optional<Mail> unpack_mail(std::string_view octets);
