#include "address.hh"
#include "failure.hh"
#include "openpgp/armor.hh"
#include "openpgp/contact.hh"
#include "openpgp/gpg.hh"
#include "openpgp/openpgp.hh"
#include "openpgp/packets.hh"
#include "process.hh"

#include <filesystem>
#include <iostream>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;

constexpr std::size_t longest_home = 70; // octets: gpg's socket is in a directory in it

std::string name_of_user(uid_t id)
{
    const passwd* user = getpwuid(id);
    return user ? user->pw_name : std::to_string(id);
}

// The service's user must own it, or the directory that it will be made in.
std::optional<std::string> trouble_with_home(const std::string& home)
{
    if (home.size() > longest_home)
        return home + ": longer than " + std::to_string(longest_home) +
               " characters, and so too long for the socket of gpg-agent";
    const std::string place =
        access(home.c_str(), F_OK) == 0 ? home : std::filesystem::path(home).parent_path().string();
    struct stat status;
    if (stat(place.c_str(), &status) != 0)
        return place + ": is not there; as root: install -d -m 700 -o " + name_of_user(geteuid()) +
               " " + place;
    if (status.st_uid != geteuid())
        return place + ": belongs to " + name_of_user(status.st_uid) + "; run this as that user";
    if (place == home && (status.st_mode & 077) != 0)
        return home + ": others may look into it; run: chmod 700 " + home;
    return std::nullopt;
}

// What is told of the address in the settings or after -a.
struct Contact {
    std::string address, name;
};

Contact find_contact(const Options& options, const Settings& settings)
{
    const std::string& first_key = settings.openpgp.keys.front();
    std::string mailbox = settings.reply.from;
    if (options.recipient)
        mailbox = *options.recipient;
    else if (mailbox.empty() && first_key.find('@') != first_key.npos)
        mailbox = first_key;
    const std::string address = mailbox_address(mailbox);
    if (address.empty() || !is_sendable(address))
        throw Failure(Reason::usage, "which address? give it with -a, or set from in [reply]");
    std::string name = mailbox.substr(0, mailbox.find('<'));
    std::erase(name, '"');
    while (name.ends_with(' '))
        name.pop_back();
    return {address, name};
}

void print_qr_code(const std::string& link)
try {
    const char* const form = isatty(STDOUT_FILENO) ? "ANSIUTF8" : "UTF8";
    run_process({"qrencode", "-t", form}, link, Output::inherited, Clock::now() + 10s);
} catch (const NotStarted&) {
    std::cerr << "For a QR code install qrencode.\n";
}

void make_key(const Settings::OpenPgp& settings, const std::string& address)
{
    if (!is_sendable(address) || address.find('@') == address.npos)
        throw Failure(Reason::usage, "--make-key: not a mail address");
    if (const auto trouble = trouble_with_home(settings.home))
        throw Failure(Reason::openpgp, *trouble);
    const std::string fingerprint = Gpg::make_key(settings.home, address, Clock::now() + 30s);
    std::cout << "[openpgp]\nhome = " << settings.home << "\nkey = " << fingerprint << "\n";
    std::cerr << "These lines belong into the settings.\n"
                 "Back up all of "
              << settings.home
              << ": people's programs know the service by this key for ever, and a new one makes "
                 "them new contacts.\n";
}

} // namespace

bool run_key_command(const Options& options)
try {
    const Settings settings = read_settings(options.config);
    if (settings.openpgp.home.empty())
        throw Failure(Reason::settings,
                      "[openpgp]: set home, and as key the address for now; see "
                      "snowflake-mail.conf(5)");
    if (options.mode == Options::Mode::make_key) {
        make_key(settings.openpgp, options.key_address);
        return true;
    }
    const auto until = Clock::now() + 20s;
    const std::string key =
        Gpg(settings.openpgp.home).public_key(settings.openpgp.keys.front(), until);
    if (options.mode == Options::Mode::export_key) {
        std::cout << armored(key, "PUBLIC KEY BLOCK") << std::flush;
        return bool(std::cout);
    }
    const auto [address, name] = find_contact(options, settings);
    if (options.mode == Options::Mode::vcard) {
        std::cout << vcard(address, name.empty() ? address : name, key) << std::flush;
        return bool(std::cout);
    }
    const std::string link =
        invite_link(address, name.empty() ? address : name, fingerprint_of(key));
    std::cout << link << std::endl;
    print_qr_code(link);
    return bool(std::cout);
} catch (const Failure& failure) {
    std::cerr << failure.what() << '\n';
    return false;
}

std::optional<std::string> trouble_with_openpgp(const Settings::OpenPgp& settings)
try {
    if (access(settings.home.c_str(), F_OK) != 0)
        return settings.home + ": is not there; run snowflake-mail --make-key ADDRESS";
    if (auto trouble = trouble_with_home(settings.home))
        return trouble;
    Gpg gpg(settings.home);
    const auto until = Clock::now() + 20s;
    for (const std::string& name : settings.keys) {
        const std::string key = gpg.public_key(name, until);
        // gpg neither signs with a key that has expired nor encrypts to it.
        if (const auto expiry = gpg.expiry_of(name, until);
            expiry && *expiry < std::chrono::system_clock::now() + std::chrono::days(30))
            return name + ": expires within 30 days; run: gpg --homedir " + settings.home +
                   " --quick-set-expire " + fingerprint_of(key) + " never";
        const std::string message = gpg.sign_and_encrypt("test", fingerprint_of(key), key, until);
        const auto decrypted = gpg.decrypt(message, key, 4096, until);
        const auto* test = std::get_if<Decryption>(&decrypted);
        if (!test || test->octets != "test" || test->signers.empty())
            return name + ": what is encrypted to this key can't be decrypted";
    }
    return std::nullopt;
} catch (const Failure& failure) {
    return failure.what();
}
