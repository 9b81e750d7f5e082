#include "check.hh"

#include "broker.hh"
#include "child.hh"
#include "failure.hh"
#include "fd.hh"
#include "handle.hh"
#include "log.hh"
#include "openpgp/openpgp.hh"
#include "recipe.hh"
#include "store.hh"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <iostream>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

namespace {

std::string name_of_user(uid_t id)
{
    const passwd* user = getpwuid(id);
    return user ? user->pw_name : std::to_string(id);
}

std::string our_user() { return name_of_user(geteuid()); }

// "as root: ..." in an advice must not give anything to nobody, who owns nothing.
std::string owner_to_be()
{
    const std::string user = our_user();
    return user == "nobody" ? "snowmail" : user;
}

// Whether syslog(3) reaches anybody; it says nothing itself.
bool has_syslog()
{
    for (const int type : {SOCK_DGRAM, SOCK_STREAM}) {
        const Fd log(socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
        sockaddr_un address = {};
        address.sun_family = AF_UNIX;
        std::strcpy(address.sun_path, _PATH_LOG);
        if (connect(log.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
            return true;
    }
    return false;
}

std::string home_of_user()
{
    const passwd* user = getpwuid(geteuid());
    return user ? user->pw_dir : g_get_home_dir();
}

// The mail system's user could not read what root makes in its directory.
Trouble trouble_with_root(const std::string& directory)
{
    struct stat status;
    if (geteuid() != 0 || stat(directory.c_str(), &status) != 0 || status.st_uid == 0)
        return std::nullopt;
    return "root; what root makes here the mail system's user can't read. Run: runuser -u " +
           name_of_user(status.st_uid) + " -- snowflake-mail --check";
}

} // namespace

Trouble trouble_with_log(const std::string& target)
try {
    open_log(target);
    if (target == "syslog" && !has_syslog())
        return "nobody listens at " _PATH_LOG
               ", so the lines are lost; start a syslog daemon, or set target in [log] to a file";
    return std::nullopt;
} catch (const Failure& failure) {
    return std::string(failure.what()) + "; let " + our_user() +
           " write it, or set target in [log] to syslog";
}

Trouble trouble_with_sendmail(const std::string& program)
{
    struct stat status;
    if (stat(program.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
        access(program.c_str(), X_OK) == 0)
        return std::nullopt;
    return program + " is no program that " + our_user() +
           " may run; install a mail system, or set sendmail in [reply]";
}

Trouble trouble_with_state_directory(const std::string& directory)
{
    const std::string as_root = "; as root: ", owner = owner_to_be();
    struct stat status;
    if (stat(directory.c_str(), &status) != 0)
        return std::strerror(errno) + as_root + "install -d -m 700 -o " + owner + " " + directory;
    if (status.st_uid != geteuid() && status.st_uid != 0)
        return "belongs to " + name_of_user(status.st_uid) + ", and this is " + our_user() +
               "; run: runuser -u " + name_of_user(status.st_uid) +
               " -- snowflake-mail --check, or set directory in [state]";
    if (status.st_uid != geteuid())
        return "belongs to root" + as_root + "install -d -m 700 -o " + owner + " " + directory;
    if (status.st_mode & 077)
        return "other users can reach it" + as_root + "chmod 700 " + directory;
    for (const char* name : {"key", "state.db", "state.db-wal", "state.db-shm"})
        if (lstat((directory + "/" + name).c_str(), &status) == 0 && status.st_uid != geteuid())
            return std::string(name) + " belongs to " + name_of_user(status.st_uid) + as_root +
                   "chown -hR " + our_user() + " " + directory; // there may be others
    try {
        using namespace std::chrono_literals;
        Store(directory, Clock::now() + 5s).transact([] {});
    } catch (const Failure& failure) {
        return std::string(failure.what()) +
               "; if it stays so, remove key and state.db* there: quotas begin anew then";
    }
    return std::nullopt;
}

Trouble trouble_with_broker(const Settings::Broker& settings)
try {
    const auto error = probe_broker(settings, Clock::now() + settings.timeout);
    if (!error)
        return std::nullopt;
    return settings.url + ": " + *error + "; see url, fronts, proxy and ca-file in [broker]";
} catch (const Failure& failure) {
    return failure.what();
}

std::string missing_confinement()
{
    using namespace std::chrono_literals;
    constexpr ChildLimits limits{1 << 30, 1s, 4096};
    const auto try_all = [] {
        const Fd network(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const Fd file(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
        const bool both = network.get() >= 0 && file.get() >= 0;
        return std::string(network.get() < 0 ? "" : "the network") + (both ? " and " : "") +
               (file.get() < 0 ? "" : "files");
    };
    return run_child(try_all, limits, Clock::now() + 5s).output;
}

bool check_installation(const Options& options)
{
    bool all_well = true;
    const auto report = [&](const std::string& what, const Trouble& trouble) {
        std::cerr << what << ": " << trouble.value_or("ok") << '\n';
        all_well = all_well && !trouble;
    };
    Settings settings;
    try {
        settings = read_settings(options.config);
    } catch (const Failure& failure) {
        report("settings", failure.what());
        return false;
    }
    report("settings", std::nullopt);
    start_deadline(settings.limits.deadline + settings.broker.timeout);
    const std::string directory = find_state_directory(settings);
    if (const auto trouble = trouble_with_root(directory)) {
        report("user", trouble);
        return false;
    }
    report("log", trouble_with_log(settings.log_target));
    report("sendmail", trouble_with_sendmail(settings.reply.sendmail));
    report("state directory " + directory, trouble_with_state_directory(directory));
    if (!settings.openpgp.home.empty())
        report("openpgp", trouble_with_openpgp(settings.openpgp));
    const std::vector<Recipe> recipes = find_recipes(
        {"", our_user(), home_of_user(), settings.limits.deadline, !settings.reply.from.empty()});
    for (const Recipe& recipe : recipes) {
        for (const std::string& slip : recipe.slips)
            report("recipe in " + recipe.place, slip);
        if (recipe.slips.empty())
            report("recipe in " + recipe.place, std::nullopt);
    }
    if (recipes.empty())
        std::cerr << "recipe: none found in Postfix, Exim, OpenSMTPD, Dovecot, the aliases and "
                  << home_of_user() << "; see INSTALL\n";
    const std::string missing = missing_confinement();
    std::cerr << "confinement: "
              << (missing.empty() ? "ok"
                                  : "a mail's reader can reach " + missing +
                                        "; this kernel or this build lacks seccomp or Landlock")
              << '\n';
    report("broker", trouble_with_broker(settings.broker));
    return all_well;
}
