#include "check.hh"

#include "broker.hh"
#include "failure.hh"
#include "handle.hh"
#include "log.hh"
#include "settings.hh"
#include "state.hh"

#include <cstring>
#include <iostream>
#include <pwd.h>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace {

std::string user_name()
{
    const passwd* user = getpwuid(geteuid());
    return user ? user->pw_name : std::to_string(geteuid());
}

// Each of these says "" where all is well, else what is wrong and how to mend it.

std::string trouble_with_sendmail(const Settings& settings)
{
    struct stat status;
    const std::string& program = settings.reply.sendmail;
    if (stat(program.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
        access(program.c_str(), X_OK) == 0)
        return "";
    return program + " is no program that " + user_name() +
           " may run; install a mail system, or set sendmail in [reply]";
}

std::string trouble_with_state_directory(const Settings& settings)
{
    const std::string directory = find_state_directory(settings);
    try {
        State(directory).open_locked("check", "", Clock::now());
        return "";
    } catch (const Failure& failure) {
        return std::string(failure.what()) + "; as root: install -d -m 700 -o " + user_name() +
               " " + directory;
    }
}

std::string trouble_with_log(const Settings& settings)
try {
    open_log(settings.log_target);
    return "";
} catch (const Failure& failure) {
    return std::string(failure.what()) + "; let " + user_name() +
           " write it, or set target in [log] to syslog";
}

std::string trouble_with_broker(const Settings& settings)
try {
    const std::string error = probe_broker(settings.broker, Clock::now() + settings.broker.timeout);
    return error.empty() ? ""
                         : settings.broker.url + ": " + error +
                               "; see url, fronts, proxy and ca-file in [broker]";
} catch (const Failure& failure) {
    return failure.what();
}

// A slip that costs mail: with -f${sender} the null sender makes -f take the next option for its
// value.
std::string trouble_with_recipe()
{
    char* raw = nullptr;
    g_file_get_contents("/etc/postfix/master.cf", &raw, nullptr,
                        nullptr); // not there, not readable: nothing to say
    const GString8 text(raw);
    std::istringstream lines(raw ? raw : "");
    bool is_ours = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with('#'))
            continue;
        is_ours = line.find("snowflake-mail") != std::string::npos ||
                  (is_ours && !line.empty() && g_ascii_isspace(line[0]));
        for (const char* glued : {"-f$", "-a$"})
            if (is_ours && line.find(glued) != std::string::npos)
                return "/etc/postfix/master.cf: " + std::string(glued) +
                       "{...} is glued to its value; write -f ${sender} -a ${original_recipient}";
    }
    return "";
}

} // namespace

bool check_installation(const Options& options)
{
    Settings settings;
    try {
        settings = read_settings(options.config);
    } catch (const Failure& failure) {
        std::cerr << "settings: " << failure.what() << '\n';
        return false;
    }
    std::cerr << "settings: ok\n";
    bool all_well = true;
    const auto report = [&](const std::string& what, const std::string& trouble) {
        std::cerr << what << ": " << (trouble.empty() ? "ok" : trouble) << '\n';
        all_well = all_well && trouble.empty();
    };
    struct stat directory;
    if (geteuid() == 0 && stat(find_state_directory(settings).c_str(), &directory) == 0 &&
        directory.st_uid != 0) {
        const passwd* owner = getpwuid(directory.st_uid);
        std::cerr
            << "user: root; what root makes here the mail system's user can't read. Run: runuser -u "
            << (owner ? owner->pw_name : "USER") << " -- snowflake-mail --check\n";
        return false;
    }
    report("log", trouble_with_log(settings));
    report("sendmail", trouble_with_sendmail(settings));
    report("state directory " + find_state_directory(settings),
           trouble_with_state_directory(settings));
    report("recipe", trouble_with_recipe());
    report("broker", trouble_with_broker(settings));
    return all_well;
}
