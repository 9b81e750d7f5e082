#include "openpgp/openpgp.hh"

#include "address.hh"
#include "ascii.hh"
#include "mail_reader.hh"
#include "openpgp/contact.hh"
#include "openpgp/gpg.hh"
#include "openpgp/packets.hh"
#include "openpgp/wrap.hh"

#include <algorithm>

namespace {

// What the hosts on the way write. Inside it means nothing, and could pass for theirs.
bool is_of_trace(const Header::Field& field)
{
    return is_any_of(field.name, {"Received", "Return-Path", "X-Original-To", "Envelope-To",
                                  "Delivered-To", "Authentication-Results"});
}

bool is_of(const OpenPgpParts& parts, const std::vector<std::string>& authors)
{
    return !parts.key.empty() && authors.size() == 1 &&
           (parts.key_address.empty() || same_address(parts.key_address, authors[0]));
}

} // namespace

Mail merged(const Mail& cover, Mail inside, bool is_signed_with_key_of_cover)
{
    Mail mail = std::move(inside);
    mail.cover = Cover::opened;
    const std::vector<std::string>& authors =
        mail.header.from.empty() ? cover.header.from : mail.header.from;
    if (is_of(mail.openpgp, authors))
        mail.openpgp.key_address = authors[0];
    else if (is_signed_with_key_of_cover && is_of(cover.openpgp, cover.header.from))
        mail.openpgp = {"", cover.openpgp.key, cover.header.from[0]};
    else
        mail.openpgp = {};
    mail.openpgp.message.clear();

    Header& header = mail.header;
    std::erase_if(header.fields, is_of_trace);
    header.fields.insert(header.fields.end(), cover.header.fields.begin(),
                         cover.header.fields.end());
    header.mbox_sender = cover.header.mbox_sender;
    // The date of a cover may be false by days.
    if (cover.header.find("Received") || !header.sent)
        header.sent = cover.header.sent;
    if (!header.expires)
        header.expires = cover.header.expires;
    header.from = cover.header.from; // whom the hosts on the way have authenticated
    header.authors.insert(header.authors.end(), cover.header.authors.begin(),
                          cover.header.authors.end());
    header.report = header.report || cover.header.report;
    return mail;
}

Exchange::Exchange(const Settings& settings) : settings_(settings) {}

Exchange::~Exchange() = default;

Gpg& Exchange::gpg()
{
    if (!gpg_)
        gpg_ = std::make_unique<Gpg>(settings_.openpgp.home);
    return *gpg_;
}

std::variant<Mail, Reason> Exchange::read(std::string_view bytes, Clock::time_point until,
                                          const std::function<void()>& meanwhile) const
{
    auto read = read_mail_apart(bytes, until, meanwhile);
    if (auto* mail = std::get_if<Mail>(&read); mail && settings_.openpgp.home.empty())
        mail->cover = Cover::none;
    return read;
}

std::optional<Reason> Exchange::open(Mail& mail, Clock::time_point until)
{
    const OpenPgpParts& cover = mail.openpgp;
    auto decrypted = gpg().decrypt(cover.message, cover.key, settings_.limits.max_size, until);
    if (const auto* reason = std::get_if<Reason>(&decrypted)) {
        if (*reason != Reason::undecryptable)
            return *reason;
        mail.cover = Cover::unreadable;
        return std::nullopt;
    }
    const auto& [octets, signers] = std::get<Decryption>(decrypted);
    auto inside = read_decrypted_mail_apart(octets, until);
    if (const auto* reason = std::get_if<Reason>(&inside))
        return *reason;
    const bool is_signed =
        !cover.key.empty() &&
        std::find(signers.begin(), signers.end(), fingerprint_of(cover.key)) != signers.end();
    mail = merged(mail, std::get<Mail>(std::move(inside)), is_signed);
    return std::nullopt;
}

bool Exchange::has_key(const Mail& mail, const Envelope& envelope, Clock::time_point until)
{
    if (!has_key_)
        has_key_ = !mail.openpgp.key.empty() &&
                   same_address(mail.openpgp.key_address, envelope.sender) &&
                   gpg().can_encrypt_to(mail.openpgp.key, until);
    return *has_key_;
}

std::optional<Reply> Exchange::reply_to(const Mail& mail, const Envelope& envelope,
                                        Clock::time_point until)
{
    is_introduction_ = asks_for_key(mail, envelope, settings_);
    if ((is_introduction_ || mail.cover == Cover::opened) && !has_key(mail, envelope, until))
        return problem::no_key;
    if (is_introduction_)
        return Introduction();
    if (mail.cover == Cover::none && settings_.openpgp.require)
        return problem::unencrypted;
    return std::nullopt;
}

std::string Exchange::wrapped(const std::string& reply_mail, const Mail& mail,
                              const Envelope& envelope, const std::string& from,
                              Clock::time_point until)
{
    if ((mail.cover != Cover::opened && !is_introduction_) || !has_key(mail, envelope, until))
        return reply_mail;
    const std::string own_key = gpg().public_key(settings_.openpgp.keys.front(), until);
    std::string fields = autocrypt_field("Autocrypt", mailbox_address(from), own_key);
    if (is_introduction_) // without its own key Delta Chat goes on to wait
        fields += "Secure-Join: vc-auth-required\n" +
                  autocrypt_field("Autocrypt-Gossip", envelope.sender, mail.openpgp.key);
    const std::string inside = inside_of(reply_mail, fields);
    const std::string message =
        gpg().sign_and_encrypt(inside, fingerprint_of(own_key), mail.openpgp.key, until);
    return cover_of(reply_mail, with_new_heads(message));
}

bool asks_for_key(const Mail& mail, const Envelope& envelope, const Settings& settings)
{
    const std::string* const step = mail.header.find("Secure-Join");
    const std::string* const number = mail.header.find("Secure-Join-Invitenumber");
    const std::string address =
        settings.reply.from.empty() ? envelope.recipient : mailbox_address(settings.reply.from);
    return !settings.openpgp.home.empty() && mail.cover == Cover::none && step && number &&
           equal_ignoring_case(*step, "vc-request") && *number == invite_number(address) &&
           is_of(mail.openpgp, mail.header.from);
}
