#include "ascii.hh"
#include "lines.hh"
#include "recipe_parts.hh"

#include <algorithm>

// Exim's routers and transports (Exim's specification, chapters 6, 15, 24 and 29).

namespace {

// A router or a transport: a name with a colon, and lines "option = value" or "option" below.
struct Driver {
    std::string name, file;
    std::vector<Alias> options;

    const std::string* find(std::string_view option) const
    {
        const auto found = std::find_if(options.begin(), options.end(),
                                        [&](const Alias& o) { return o.name == option; });
        return found == options.end() ? nullptr : &found->value;
    }
};

void read_drivers(const std::string& file, std::string_view text, std::vector<Driver>& drivers)
{
    std::string line;
    while (!text.empty()) {
        line += trimmed(take_line(text));
        if (line.ends_with('\\')) { // it goes on in the next line
            line.pop_back();
            continue;
        }
        const auto equals = line.find('=');
        if (!line.starts_with('#') && !line.empty()) {
            if (line.ends_with(':') && equals == line.npos)
                drivers.push_back({line.substr(0, line.size() - 1), file, {}});
            else if (!drivers.empty())
                drivers.back().options.push_back(
                    {std::string(trimmed(line.substr(0, equals))),
                     equals == line.npos ? "" : std::string(trimmed(line.substr(equals + 1)))});
        }
        line.clear();
    }
}

void check_transport(const Host& host, const Driver& transport, const std::vector<Driver>& drivers,
                     Recipe& recipe)
{
    const std::string& command = *transport.find("command");
    add(recipe, slip_of_program(host, command_words(command)));
    for (const char* tainted :
         {"$sender_address", "${sender_address", "$local_part", "$return_path"})
        if (command.find(tainted) != command.npos) {
            add(recipe, std::string("Exim refuses an address from the mail in a command (") +
                            tainted + "); the program takes it from the environment");
            break;
        }
    if (const std::string* user = transport.find("user"))
        add(recipe, slip_of_user(host, *user));
    else
        add(recipe, "user is missing; write user = " + host.user);
    if (const std::string* limit = transport.find("timeout"))
        add(recipe, slip_of_time(host, "timeout", *limit));
    if (const std::string* errors = transport.find("temp_errors");
        errors && *errors != "*" && errors->find("75") == errors->npos)
        add(recipe, "temp_errors lacks 75, so a mail that should wait is bounced");
    const bool is_routed = std::any_of(drivers.begin(), drivers.end(), [&](const Driver& router) {
        const std::string* to = router.find("transport");
        return to && (*to == transport.name || to->find('$') != to->npos);
    });
    if (!is_routed)
        add(recipe, "no router has transport = " + transport.name + "; see INSTALL");
}

} // namespace

void find_in_exim(const Host& host, Recipes& recipes)
{
    const std::string debian = "/etc/exim4/update-exim4.conf.conf";
    const std::string split = "/etc/exim4/conf.d/";
    std::vector<std::string> files;
    for (const char* pattern :
         {"/etc/exim4/exim4.conf", "/etc/exim4/exim4.conf.template", "/etc/exim4/conf.d/*/*",
          "/etc/exim/exim.conf", "/etc/exim/configure", "/usr/local/etc/exim/configure"})
        for (std::string& file : files_like(host, pattern))
            files.push_back(std::move(file));
    std::vector<Driver> drivers;
    for (const std::string& file : files)
        read_drivers(file, text_of(host, file).value_or(""), drivers);
    for (const Driver& driver : drivers) {
        const std::string* command = driver.find("command");
        if (!command || !runs_program(*command))
            continue;
        Recipe recipe{driver.file, {}};
        check_transport(host, driver, drivers, recipe);
        const auto settings = text_of(host, debian);
        if (driver.file.starts_with(split) && settings &&
            settings->find("dc_use_split_config='true'") == std::string::npos &&
            settings->find("dc_use_split_config=true") == std::string::npos)
            add(recipe,
                "the directory isn't used: " + debian + " must have dc_use_split_config='true'");
        recipes.push_back(std::move(recipe));
    }
}
