#include "envelope.hh"

#include "address.hh"
#include "ascii.hh"
#include "rfc5322.hh"

#include <algorithm>
#include <glib.h>
#include <optional>

namespace {

// Whether a mail system may have made `masked` of the address. In the environment Postfix local(8)
// puts "_" for any character but those that it keeps. So o'brien@ becomes o_brien@, which is
// another person. OpenSMTPD 7.9 puts ":" for those that mean something to a shell.
bool is_masked_form(std::string_view masked, std::string_view address)
{
    constexpr std::string_view kept = "!@%-_=+:,./", shells = "!#$%&'*/?^`{|}~";
    const auto is_masked_by = [&](char mask, const auto& is_kept) {
        return std::equal(masked.begin(), masked.end(), address.begin(), address.end(),
                          [&](char m, char a) { return m == (is_kept(a) ? a : mask); });
    };
    return is_masked_by('_',
                        [&](char a) { return g_ascii_isalnum(a) || kept.find(a) != kept.npos; }) ||
           is_masked_by(':', [&](char a) { return shells.find(a) == shells.npos; });
}

// RFC 5322 3.6.7: comments may stand around the address.
std::string path_address(std::string_view return_path)
{
    return bare_address(without_comments(return_path));
}

std::string unmasked(const std::string& address, const Header& header, const char* trace_field)
{
    const std::string* field = header.find_in_trace(trace_field);
    const std::string traced = field ? path_address(*field) : "";
    return is_masked_form(address, traced) ? traced : address;
}

// What programs write where they know of no sender.
bool is_nobody(const std::string& sender)
{
    return is_any_of(sender, {
                                 "-",       // Mozilla's mbox line
                                 "???@???", // Eudora's
                                 "foo@bar", // procmail's formail
                                 "nobody",  // Gnus
                                 "unknown", // getmail's Return-Path and mbox line
                             });
}

// None: the mail system names no sender, and the header has to tell.
std::optional<std::string> sender_of_mail_system(const Options& options,
                                                 const Environment& environment)
{
    if (options.sender)
        return bare_address(*options.sender);
    // qmail, Courier: "Return-Path: <address>" LF
    if (const char* rpline = environment("RPLINE")) {
        const std::string_view line = rpline;
        return path_address(line.substr(line.find(':') + 1));
    }
    // Postfix local, Exim, OpenSMTPD, Dovecot; set but empty: the null sender
    if (const char* sender = environment("SENDER"))
        return bare_address(sender);
    // maildrop
    if (const char* from = environment("FROM"); from && environment("MAILFILTER"))
        return bare_address(from);
    return std::nullopt;
}

std::string find_sender(const Options& options, const Environment& environment,
                        const Header& header)
{
    std::string sender;
    if (const auto named = sender_of_mail_system(options, environment))
        sender = options.sender ? *named : unmasked(*named, header, "Return-Path");
    else if (const std::string* path = header.find_in_trace("Return-Path"))
        sender = path_address(*path);
    else // procmail
        sender = bare_address(header.mbox_sender);
    return is_nobody(sender) ? "" : sender;
}

std::string find_recipient(const Options& options, const Environment& environment,
                           const Header& header)
{
    if (options.recipient)
        return bare_address(*options.recipient);
    for (const char* name : {"ORIGINAL_RECIPIENT", "ORIG_RECIPIENT", "RECIPIENT"})
        if (const char* value = environment(name); value && *value)
            return unmasked(bare_address(value), header, "X-Original-To");
    for (const char* name : {"X-Original-To", "Envelope-To", "Delivered-To"})
        if (const std::string* value = header.find_in_trace(name))
            return bare_address(*value);
    return "";
}

} // namespace

bool is_from_null_sender(const Options& options, const Environment& environment)
{
    const auto sender = sender_of_mail_system(options, environment);
    return sender && (sender->empty() || is_nobody(*sender));
}

Envelope find_envelope(const Options& options, const Environment& environment, const Header& header)
{
    return {find_sender(options, environment, header),
            find_recipient(options, environment, header)};
}
