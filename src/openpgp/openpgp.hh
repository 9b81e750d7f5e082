#pragma once
#include "deadline.hh"
#include "envelope.hh"
#include "mail.hh"
#include "message.hh"
#include "options.hh"
#include "reply.hh"
#include "settings.hh"

#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <variant>

// Encrypted mail (RFC 9580, RFC 3156): the only door of this room.

// --- What a mail's reader does. It computes only.

// Finds the encrypted message that the person wrote: as PGP/MIME in any form that mail systems make
// of it, or as armor in a text. It is put into `octets` when the cover is sealed.
Cover find_encrypted(const Message& message, std::string& octets);

// Finds the author's key: in the last Autocrypt field (Autocrypt Level 1, 2.1) that is valid and
// names the author; else in an attachment or in armor.
void find_key(const Message& message, OpenPgpParts& parts);

// --- What the service does.

class Gpg;

// One mail and its reply. Where the settings have no [openpgp] it does nothing. All functions throw
// Failure(Reason::openpgp) for a fault of this host.
class Exchange {
  public:
    // The settings are borrowed, and must outlive it.
    explicit Exchange(const Settings& settings);
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    ~Exchange();

    // Reads a mail as read_mail_apart() does. What is encrypted stays sealed.
    std::variant<Mail, Reason> read(std::string_view bytes, Clock::time_point until,
                                    const std::function<void()>& meanwhile) const;

    // Puts the mail inside in the place of a sealed mail, as merged() does; one that can't be
    // decrypted becomes unreadable. A reason: as of read_mail_apart(), or it is too large.
    std::optional<Reason> open(Mail& mail, Clock::time_point until);

    // The reply that stands before any request: the service's key for who asks for it; else why the
    // request must not be answered: its reply can't be encrypted as it was, or it wasn't encrypted
    // where the settings require it.
    std::optional<Reply> reply_to(const Mail& mail, const Envelope& envelope,
                                  Clock::time_point until);

    // The reply as the request came: encrypted and signed, or as write_reply_mail() wrote it.
    std::string wrapped(const std::string& reply_mail, const Mail& mail, const Envelope& envelope,
                        const std::string& from, Clock::time_point until);

  private:
    Gpg& gpg();
    bool has_key(const Mail& mail, const Envelope& envelope, Clock::time_point until);

    const Settings& settings_;
    std::unique_ptr<Gpg> gpg_;
    std::optional<bool> has_key_; // none: not known yet
    bool is_introduction_ = false;
};

// The mail that was inside: its own header, with the trace, the author and all signs of automatic
// mail of the cover around it. The cover's key counts where the mail inside is signed with it.
Mail merged(const Mail& cover, Mail inside, bool is_signed_with_key_of_cover);

// Whether Delta Chat asks for the service's key with an invitation of ours (SecureJoin's
// vc-request), and sends the key that it is to be encrypted to.
bool asks_for_key(const Mail& mail, const Envelope& envelope, const Settings& settings);

// --- What an administrator does.

// Makes a key, or prints one in one of the forms that people take it in: the options --make-key,
// --export-key, --vcard and --invite. Says on stderr what went wrong; returns whether nothing did.
bool run_key_command(const Options& options);

// What keeps the service from decrypting and signing, and how to mend it. None: nothing.
std::optional<std::string> trouble_with_openpgp(const Settings::OpenPgp& settings);

// --- What a person's program does.

// The service's key in a file that the person got: a vCard, armor, or the key itself. None: it has
// none of version 4 with 16,384 octets at most, or more than that one.
std::optional<std::string> find_service_key(std::string_view file);

class MemoryHome;

// What a person and a service write to each other. The person's key is made for this object, is in
// memory only (gpg.hh's MemoryHome) and goes with it. Any thread may call it. All functions throw
// Failure(Reason::openpgp) for a fault of this host, or when there is no gpg or gpg-agent.
class Correspondence {
  public:
    // Throws also when nothing can be encrypted to the service's key.
    Correspondence(std::string service_key, Clock::time_point until);
    Correspondence(const Correspondence&) = delete;
    Correspondence& operator=(const Correspondence&) = delete;
    ~Correspondence();

    // The fingerprint of the service's key.
    const std::string& service() const { return service_; }

    // The vCard and the invitation by which Delta Chat knows the service, which has that address.
    std::string contact(const std::string& address) const;
    std::string invitation(const std::string& address) const;

    // The person's mail as it goes out, signed and encrypted, with the person's key inside. `mail`
    // has a header and a body as write_reply_mail() writes them; `from` is its author.
    std::string sealed(const std::string& mail, const std::string& from, Clock::time_point until);
    // The same in armor, as a text that the person can put into any mail.
    std::string sealed_text(const std::string& mail, const std::string& from,
                            Clock::time_point until);

    // Why a message is not the service's.
    enum class Refusal {
        unreadable, // it can't be decrypted: it is for others, was changed, or is too large
        not_signed  // the service has not signed it
    };
    // What the service has written in a message (find_encrypted()).
    std::variant<std::string, Refusal> opened(const std::string& message, Clock::time_point until);

    // Removes the person's key now. Later calls throw.
    void end();

  private:
    std::shared_lock<std::shared_mutex> hold_home(Clock::time_point until);
    std::string encrypted(const std::string& octets, Clock::time_point until) const;

    std::string service_key_, service_;
    std::shared_mutex mutex_;
    std::unique_ptr<MemoryHome> home_; // none: it has ended
    std::string own_key_;
};
