#include "recipe.hh"

#include "ascii.hh"
#include "handle.hh"
#include "lines.hh"
#include "recipe_parts.hh"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <glib.h>
#include <glob.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

constexpr std::string_view program_name = "snowflake-mail";

// The commands of a file of the user's home that runs one for each mail.
void find_in_home(const Host& host, Recipes& recipes)
{
    for (const char* name :
         {".forward", ".procmailrc", ".mailfilter", ".qmail", ".courier", ".dovecot.sieve"}) {
        const std::string path = host.home + "/" + name;
        const auto text = text_of(host, path);
        if (!text)
            continue;
        for (const std::string& line : logical_lines(*text)) {
            const auto pipe = line.find('|');
            const std::string_view command =
                std::string_view(line).substr(pipe == line.npos ? 0 : pipe);
            if (!runs_program(command))
                continue;
            Recipe recipe{path, {}};
            if (pipe != line.npos)
                add(recipe, slip_of_program(host, command_words(command)));
            struct stat status;
            if (stat(path_on(host, path).c_str(), &status) == 0) {
                const passwd* user = getpwnam(host.user.c_str());
                // qmail doesn't look at that (dot-qmail(5)). Postfix takes root's file, too
                // (local(8)); Exim and OpenSMTPD don't.
                const bool may_be_roots = is_there(host, "/etc/postfix/main.cf");
                if (name != std::string_view(".qmail") && user && status.st_uid != user->pw_uid &&
                    !(may_be_roots && status.st_uid == 0))
                    add(recipe, "the file is not " + host.user +
                                    "'s own, so mail systems ignore it; as root: chown " +
                                    host.user + " " + path);
                if (status.st_mode & 022)
                    add(recipe,
                        "others may write the file, so mail systems ignore it; as root: "
                        "chmod go-w " +
                            path);
            }
            recipes.push_back(std::move(recipe));
        }
    }
}

// sieve_pipe_bin_dir holds the program under a name of its own (Pigeonhole's extprograms).
void find_in_dovecot(const Host& host, Recipes& recipes)
{
    auto files = files_like(host, "/etc/dovecot/*.conf");
    for (auto& name : files_like(host, "/etc/dovecot/conf.d/*.conf"))
        files.push_back(std::move(name));
    std::string directory, limit, place;
    for (const std::string& file : files) {
        const std::string whole = text_of(host, file).value_or("");
        for (std::string_view text = whole; !text.empty();) {
            const std::string_view line = trimmed(take_line(text));
            const auto equals = line.find('=');
            if (equals == line.npos)
                continue;
            const auto name = trimmed(line.substr(0, equals));
            const auto value = trimmed(line.substr(equals + 1));
            if (name == "sieve_pipe_bin_dir") {
                directory = value;
                place = file;
            } else if (name == "sieve_pipe_exec_timeout") {
                limit = value;
            }
        }
    }
    if (directory.empty())
        return;
    const std::string program = directory + "/" + std::string(program_name);
    struct stat status;
    if (lstat(path_on(host, program).c_str(), &status) != 0)
        return;
    Recipe recipe{place, {}};
    add(recipe, slip_of_program(host, {program}));
    add(recipe, slip_of_time(host, "sieve_pipe_exec_timeout", limit.empty() ? "10s" : limit));
    recipes.push_back(std::move(recipe));
}

// An alias with a command. It runs as nobody, or the mail system refuses it.
void find_in_aliases(const Host& host, Recipes& recipes)
{
    const std::string place = "/etc/aliases";
    const auto text = text_of(host, place);
    if (!text)
        return;
    bool leads_to_user = false;
    for (const auto& [name, value] : aliases_in(*text)) {
        if (value.find('|') != value.npos && runs_program(value))
            recipes.push_back(
                {place,
                 {"a command in the aliases does not run as " + host.user + "; write \"" + name +
                  ": " + host.user + "\" here, and the command into " + host.home + "/.forward"}});
        for (const std::string_view target : words_of(value, ", \t"))
            leads_to_user = leads_to_user || equal_ignoring_case(target, host.user);
    }
    const bool is_for_this_alone = host.home == "/var/lib/snowflake-mail";
    if (leads_to_user && recipes.empty() && is_for_this_alone)
        recipes.push_back({place,
                           {"it leads to " + host.user + ", but nothing in " + host.home +
                            " runs the program, so mail is piled up there; see INSTALL"}});
}

} // namespace

std::string path_on(const Host& host, std::string_view path)
{
    return host.root + std::string(path);
}

std::optional<std::string> text_of(const Host& host, std::string_view path)
{
    constexpr off_t most = 8 << 20; // bytes
    const std::string name = path_on(host, path);
    struct stat status; // a FIFO might never come to an end
    if (stat(name.c_str(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_size > most)
        return std::nullopt;
    char* raw = nullptr;
    gsize size = 0;
    if (!g_file_get_contents(name.c_str(), &raw, &size, nullptr))
        return std::nullopt;
    const GString8 text(raw);
    return std::string(text.get(), size);
}

bool is_there(const Host& host, std::string_view path)
{
    return access(path_on(host, path).c_str(), F_OK) == 0;
}

std::vector<std::string> files_like(const Host& host, const std::string& pattern)
{
    glob_t found = {};
    std::vector<std::string> files;
    if (glob(path_on(host, pattern).c_str(), 0, nullptr, &found) == 0)
        for (std::size_t i = 0; i < found.gl_pathc; ++i)
            files.push_back(std::string(found.gl_pathv[i]).substr(host.root.size()));
    globfree(&found);
    return files;
}

bool runs_program(std::string_view command)
{
    for (auto at = command.find(program_name); at != command.npos;
         at = command.find(program_name, at + 1)) {
        const auto rest = command.substr(at + program_name.size());
        const bool is_client = rest.starts_with("-client");
        const bool is_settings = rest.starts_with(".conf");
        if (!is_client && !is_settings && (at == 0 || command.substr(at - 1, 1) != "."))
            return true;
    }
    return false;
}

std::vector<std::string> command_words(std::string_view command)
{
    std::string text(command);
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '"' || c == '|'; }, ' ');
    std::vector<std::string> words;
    for (const std::string_view word : words_of(text))
        words.emplace_back(word);
    return words;
}

std::optional<std::string> option_value(const std::vector<std::string>& words, char option)
{
    const std::string name{'-', option};
    for (std::size_t i = 1; i < words.size(); ++i)
        if (words[i] == name)
            return i + 1 < words.size() ? words[i + 1] : "";
        else if (words[i].starts_with(name))
            return words[i].substr(2);
    return std::nullopt;
}

std::optional<std::chrono::seconds> time_of(std::string_view text)
{
    long seconds = 0;
    text = trimmed(text);
    if (text.empty())
        return std::nullopt;
    while (!text.empty()) {
        long number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || number < 0 || number > 100000000)
            return std::nullopt;
        text = trimmed(text.substr(std::size_t(end - text.data())));
        const auto unit_end = text.find_first_of("0123456789 ");
        const std::string_view unit = text.substr(0, unit_end);
        const long size = unit.empty() || unit[0] == 's'           ? 1
                          : unit == "m" || unit.starts_with("min") ? 60
                          : unit[0] == 'h'                         ? 3600
                          : unit[0] == 'd'                         ? 86400
                          : unit[0] == 'w'                         ? 604800
                                                                   : 0;
        if (size == 0)
            return std::nullopt;
        seconds += number * size;
        text = trimmed(text.substr(unit.size()));
    }
    return std::chrono::seconds(seconds);
}

std::vector<std::string> logical_lines(std::string_view text)
{
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::string_view line = without_line_feed(take_line(text));
        const std::string_view words = trimmed(line);
        if (words.empty() || words[0] == '#')
            continue;
        if (g_ascii_isspace(line[0]) && !lines.empty())
            lines.back().append(" ").append(words);
        else
            lines.emplace_back(words);
    }
    return lines;
}

std::vector<Alias> aliases_in(std::string_view text)
{
    std::vector<Alias> aliases;
    for (const std::string& line : logical_lines(text))
        if (const auto colon = line.find(':'); colon != line.npos) {
            const auto name = trimmed(std::string_view(line).substr(0, colon));
            aliases.push_back(
                {lower_case(name), std::string(trimmed(std::string_view(line).substr(colon + 1)))});
        }
    return aliases;
}

bool is_user_of_host(const std::string& name) { return getpwnam(name.c_str()) != nullptr; }

std::string slip_of_program(const Host& host, const std::vector<std::string>& words)
{
    const auto program = std::find_if(words.begin(), words.end(),
                                      [](const std::string& word) { return runs_program(word); });
    if (program == words.end() || !program->starts_with('/'))
        return "";
    struct stat status;
    const std::string path = path_on(host, *program);
    // access() would answer for this user, who may be another one than the mail system's.
    if (stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 0111))
        return "";
    return *program + " is no program; write the path where it was installed";
}

std::string slip_of_user(const Host& host, std::string_view user)
{
    const auto name = std::string(user.substr(0, user.find_first_of(":.")));
    if (name == host.user)
        return "";
    if (!is_user_of_host(name))
        return "there is no user " + name;
    return "it runs the program as " + name + ", and this is " + host.user + "; run: runuser -u " +
           name + " -- snowflake-mail --check";
}

std::string slip_of_time(const Host& host, std::string_view setting, std::string_view value)
{
    const auto limit = time_of(value);
    if (!limit || *limit > host.deadline || limit->count() == 0) // 0: no limit
        return "";
    return std::string(setting) + " is " + std::string(value) +
           ", and must be above deadline in [limits], " + std::to_string(host.deadline.count()) +
           " s: the mail system ends a run that takes longer, and may bounce the mail";
}

void add(Recipe& recipe, std::string slip)
{
    if (!slip.empty())
        recipe.slips.push_back(std::move(slip));
}

std::vector<Recipe> find_recipes(const Host& host)
{
    Recipes recipes;
    find_in_postfix(host, recipes);
    find_in_exim(host, recipes);
    find_in_opensmtpd(host, recipes);
    find_in_dovecot(host, recipes);
    find_in_home(host, recipes);
    find_in_aliases(host, recipes);
    return recipes;
}
