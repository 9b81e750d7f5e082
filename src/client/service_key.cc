#include "client/service_key.hh"

#include "client/client_failure.hh"
#include "client/terminal.hh"
#include "failure.hh"
#include "fd.hh"
#include "input.hh"
#include "openpgp/openpgp.hh"

#include <cerrno>
#include <cstring>
#include <fcntl.h>

using namespace std::chrono_literals;

std::shared_ptr<Correspondence> start_correspondence(const ClientOptions& options)
{
    constexpr std::size_t largest_file = 1 << 17; // octets: a vCard may have a photograph
    if (options.key.empty())
        return nullptr;
    const auto until = Clock::now() + 30s;
    const Fd file(open(options.key.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0)
        throw ClientFailure(options.key + ": " + std::strerror(errno));
    try {
        const auto text = read_input(file.get(), largest_file, until);
        const auto key = text ? find_service_key(*text) : std::nullopt;
        if (!key)
            throw ClientFailure(options.key +
                                ": there is not exactly one OpenPGP key in it, as snowflake-mail "
                                "--vcard prints it");
        auto correspondence = std::make_shared<Correspondence>(*key, until);
        say("requests are encrypted to the key " + correspondence->service());
        return correspondence;
    } catch (const Failure& failure) {
        throw ClientFailure(std::string(failure.what()) + " (--key needs gpg and gpg-agent)");
    }
}
