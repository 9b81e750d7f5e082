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

namespace {

std::string read_service_key(const std::string& path, Clock::time_point until)
{
    constexpr std::size_t largest_file = 1 << 17; // octets: a vCard may have a photograph
    const Fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0)
        throw ClientFailure(path + ": " + std::strerror(errno));
    try {
        const auto text = read_input(file.get(), largest_file, until);
        if (auto key = text ? find_service_key(*text) : std::nullopt)
            return *std::move(key);
    } catch (const Failure&) {
        throw ClientFailure(path + ": can't be read");
    }
    throw ClientFailure(path +
                        ": there is not exactly one OpenPGP key in it, as snowflake-mail --vcard "
                        "prints it");
}

} // namespace

std::shared_ptr<Correspondence> start_correspondence(const ClientOptions& options)
{
    if (options.key.empty())
        return nullptr;
    const auto until = Clock::now() + 30s;
    const std::string key = read_service_key(options.key, until);
    try {
        auto correspondence = std::make_shared<Correspondence>(key, until);
        say("requests are encrypted to the key " + correspondence->service());
        return correspondence;
    } catch (const Failure& failure) {
        throw ClientFailure(std::string(failure.what()) + " (--key needs gpg and gpg-agent)");
    }
}
