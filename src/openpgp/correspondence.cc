#include "failure.hh"
#include "openpgp/armor.hh"
#include "openpgp/contact.hh"
#include "openpgp/gpg.hh"
#include "openpgp/openpgp.hh"
#include "openpgp/packets.hh"
#include "openpgp/wrap.hh"

#include <algorithm>
#include <mutex>

std::optional<std::string> find_service_key(std::string_view file)
{
    if (is_public_key(file))
        return std::string(file);
    if (auto octets = dearmored(file, "PUBLIC KEY BLOCK"); octets && is_public_key(*octets))
        return octets;
    return key_of_vcard(file);
}

Correspondence::Correspondence(std::string service_key, Clock::time_point until)
    : service_key_(std::move(service_key)), service_(fingerprint_of(service_key_))
{
    home_ = std::make_unique<MemoryHome>(until);
    Gpg gpg(home_->path());
    own_key_ = gpg.public_key(home_->fingerprint(), until);
    if (!gpg.can_encrypt_to(service_key_, until))
        throw Failure(Reason::openpgp, "nothing can be encrypted to this key: " + service_);
}

Correspondence::~Correspondence() = default;

std::string Correspondence::contact(const std::string& address) const
{
    return vcard(address, address, service_key_);
}

std::string Correspondence::invitation(const std::string& address) const
{
    return invite_link(address, address, service_);
}

// A home that is gone is made again. An answer to the old key can't be read then.
std::shared_lock<std::shared_mutex> Correspondence::hold_home(Clock::time_point until)
{
    for (;;) {
        {
            std::shared_lock held(mutex_);
            if (!home_)
                throw Failure(Reason::openpgp, "the key is removed");
            if (home_->is_there())
                return held;
        }
        const std::unique_lock alone(mutex_);
        if (!home_ || home_->is_there())
            continue;
        auto home = std::make_unique<MemoryHome>(until);
        own_key_ = Gpg(home->path()).public_key(home->fingerprint(), until);
        home_ = std::move(home);
    }
}

std::string Correspondence::sealed(const std::string& mail, const std::string& from,
                                   Clock::time_point until)
{
    const auto held = hold_home(until);
    const std::string key = autocrypt_field("Autocrypt", from, own_key_);
    return cover_of(mail, encrypted(inside_of(mail, key), until));
}

std::string Correspondence::sealed_text(const std::string& mail, const std::string& from,
                                        Clock::time_point until)
{
    const auto held = hold_home(until);
    const std::string key = autocrypt_field("Autocrypt", from, own_key_);
    return armored(encrypted(key + mail, until), "MESSAGE");
}

// The home is held.
std::string Correspondence::encrypted(const std::string& octets, Clock::time_point until) const
{
    return with_new_heads(
        Gpg(home_->path()).sign_and_encrypt(octets, home_->fingerprint(), service_key_, until));
}

std::variant<std::string, Correspondence::Refusal>
Correspondence::opened(const std::string& message, Clock::time_point until)
{
    constexpr std::size_t most = 1 << 20; // octets: no answer is longer
    const auto held = hold_home(until);
    auto decrypted = Gpg(home_->path()).decrypt(message, service_key_, most, until);
    if (std::holds_alternative<Reason>(decrypted))
        return Refusal::unreadable;
    auto& [octets, signers] = std::get<Decryption>(decrypted);
    if (std::find(signers.begin(), signers.end(), service_) == signers.end())
        return Refusal::not_signed;
    return std::move(octets);
}

void Correspondence::end()
{
    const std::unique_lock alone(mutex_);
    home_.reset();
}
