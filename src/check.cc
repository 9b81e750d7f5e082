#include "check.hh"

#include "broker.hh"
#include "child.hh"
#include "failure.hh"
#include "fd.hh"
#include "handle.hh"
#include "lines.hh"
#include "log.hh"
#include "openpgp/openpgp.hh"
#include "store.hh"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <iostream>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

constexpr const char* master_cf = "/etc/postfix/master.cf";

std::string name_of_user(uid_t id)
{
    const passwd* user = getpwuid(id);
    return user ? user->pw_name : std::to_string(id);
}

std::string our_user() { return name_of_user(geteuid()); }

// "" when there is no such file, or when it can't be read.
std::string read_file(const char* name)
{
    char* raw = nullptr;
    g_file_get_contents(name, &raw, nullptr, nullptr);
    const GString8 text(raw);
    return text ? text.get() : "";
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
    const std::string as_root = "; as root: ", user = our_user();
    struct stat status;
    if (stat(directory.c_str(), &status) != 0)
        return std::strerror(errno) + as_root + "install -d -m 700 -o " + user + " " + directory;
    if (status.st_uid != geteuid() && status.st_uid != 0)
        return "belongs to " + name_of_user(status.st_uid) + ", and this is " + user +
               "; run: runuser -u " + name_of_user(status.st_uid) +
               " -- snowflake-mail --check, or set directory in [state]";
    if (status.st_uid != geteuid())
        return "belongs to root" + as_root + "install -d -m 700 -o " + user + " " + directory;
    if (status.st_mode & 077)
        return "other users can reach it" + as_root + "chmod 700 " + directory;
    for (const char* name : {"key", "state.db", "state.db-wal", "state.db-shm"}) {
        const std::string file = directory + "/" + name;
        if (lstat(file.c_str(), &status) == 0 && status.st_uid != geteuid())
            return std::string(name) + " belongs to " + name_of_user(status.st_uid) + as_root +
                   "chown " + user + " " + file;
    }
    try {
        using namespace std::chrono_literals;
        Store(directory, Clock::now() + 5s).transact([] {});
    } catch (const Failure& failure) {
        return failure.what();
    }
    return std::nullopt;
}

Trouble trouble_with_recipe(std::string_view entries)
{
    bool is_ours = false;
    while (!entries.empty()) {
        const std::string_view line = take_line(entries);
        if (line.starts_with('#'))
            continue;
        is_ours = line.find("snowflake-mail") != line.npos ||
                  (is_ours && g_ascii_isspace(line[0])); // goes on, or is empty
        for (const char* glued : {"-f$", "-a$"})
            if (is_ours && line.find(glued) != line.npos)
                return std::string(master_cf) + ": " + glued +
                       "{...} is glued to its value; write -f ${sender} -a ${original_recipient}";
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
        return std::string(network.get() < 0 ? "" : "the network ") +
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
    report("recipe", trouble_with_recipe(read_file(master_cf)));
    const std::string missing = missing_confinement();
    std::cerr << "confinement: "
              << (missing.empty() ? "ok"
                                  : "a mail's reader can reach " + missing +
                                        "; this kernel lacks seccomp or Landlock")
              << '\n';
    report("broker", trouble_with_broker(settings.broker));
    return all_well;
}
