#include "ascii.hh"
#include "recipe_parts.hh"

#include <algorithm>
#include <map>
#include <sys/stat.h>

// Postfix's main.cf, master.cf and tables: postconf(5), master(5), pipe(8), DATABASE_README.

namespace {

constexpr const char* master_cf = "/etc/postfix/master.cf";

using Parameters = std::map<std::string, std::string, std::less<>>;

Parameters parameters_in(std::string_view text)
{
    Parameters parameters{{"config_directory", "/etc/postfix"}};
    for (const std::string& line : logical_lines(text))
        if (const auto equals = line.find('='); equals != line.npos)
            parameters[std::string(trimmed(std::string_view(line).substr(0, equals)))] =
                trimmed(std::string_view(line).substr(equals + 1));
    return parameters;
}

// The value with the parameters in it replaced. None: it isn't set, or one in it isn't known here.
std::optional<std::string> value_of(const Parameters& parameters, std::string_view name,
                                    int depth = 0)
{
    const auto found = parameters.find(name);
    if (found == parameters.end() || depth > 10)
        return std::nullopt;
    const std::string& text = found->second;
    std::string value;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '$') {
            value += text[at];
            continue;
        }
        const char open = at + 1 < text.size() ? text[at + 1] : ' ';
        const bool is_bracketed = open == '{' || open == '(';
        const std::size_t begin = at + (is_bracketed ? 2 : 1);
        const std::size_t end =
            is_bracketed ? text.find(open == '{' ? '}' : ')', begin)
                         : std::min(text.size(), text.find_first_not_of("abcdefghijklmnopqrstuvwxyz"
                                                                        "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                                        "0123456789_",
                                                                        begin));
        if (end == text.npos)
            return std::nullopt;
        const auto inner = value_of(parameters, text.substr(begin, end - begin), depth + 1);
        if (!inner)
            return std::nullopt;
        value += *inner;
        at = is_bracketed ? end : end - 1;
    }
    return value;
}

// Words parted by blanks and commas, but not within braces.
std::vector<std::string> list_in(std::string_view text)
{
    std::vector<std::string> words;
    int depth = 0;
    bool goes_on = false;
    for (const char c : text) {
        depth += (c == '{') - (c == '}');
        if (depth == 0 && (c == ' ' || c == ',' || c == '\t')) {
            goes_on = false;
            continue;
        }
        if (!goes_on)
            words.emplace_back();
        words.back() += c;
        goes_on = true;
    }
    return words;
}

// What the tables of a parameter hold, as far as it can be read here.
struct Tables {
    std::vector<Alias> rows;
    bool is_whole = true; // false: there may be more rows, and a pattern or a server knows them
    std::string stale;    // a source whose database is missing or older; "": none

    const std::string* find(std::string_view name) const
    {
        const auto row = std::find_if(rows.begin(), rows.end(), [&](const Alias& r) {
            return equal_ignoring_case(r.name, name);
        });
        return row == rows.end() ? nullptr : &row->value;
    }
};

bool is_older(const Host& host, const std::string& database, const std::string& source)
{
    struct stat made, written;
    return stat(path_on(host, source).c_str(), &written) == 0 &&
           (stat(path_on(host, database).c_str(), &made) != 0 || made.st_mtime < written.st_mtime);
}

void read_inline(std::string_view text, Tables& tables)
{
    for (std::string row : list_in(text)) {
        if (row.starts_with('{') && row.ends_with('}'))
            row = row.substr(1, row.size() - 2);
        if (const auto equals = row.find('='); equals != row.npos)
            tables.rows.push_back({lower_case(trimmed(row.substr(0, equals))),
                                   std::string(trimmed(row.substr(equals + 1)))});
    }
}

void read_table(const Host& host, const std::string& table, bool are_aliases, Tables& tables)
{
    static const std::map<std::string, std::string, std::less<>> databases{
        {"hash", ".db"}, {"btree", ".db"}, {"lmdb", ".lmdb"},
        {"cdb", ".cdb"}, {"dbm", ".pag"},  {"sdbm", ".pag"}};
    const auto colon = table.find(':');
    const std::string type = table.substr(0, colon);
    const std::string name = colon == table.npos ? "" : table.substr(colon + 1);
    const auto database = databases.find(type);
    const bool is_file = database != databases.end() || type == "texthash";
    const auto text = is_file ? text_of(host, name) : std::nullopt;
    if (type == "inline" && name.size() > 2) {
        read_inline(name.substr(1, name.size() - 2), tables);
    } else if (!text) {
        const bool is_missing =
            is_file && !is_there(host, name) &&
            (database == databases.end() || !is_there(host, name + database->second));
        tables.is_whole = tables.is_whole && is_missing;
    } else {
        if (database != databases.end() && is_older(host, name + database->second, name))
            tables.stale = name;
        if (are_aliases) {
            for (Alias& row : aliases_in(*text))
                tables.rows.push_back(std::move(row));
            return;
        }
        for (const std::string& line : logical_lines(*text)) {
            const auto end = std::min(line.size(), line.find_first_of(" \t"));
            tables.rows.push_back({lower_case(line.substr(0, end)),
                                   std::string(trimmed(std::string_view(line).substr(end)))});
        }
    }
}

// `usual`: what stands for a parameter that isn't set.
Tables tables_of(const Host& host, const Parameters& parameters, std::string_view name,
                 std::string_view usual = "")
{
    Tables tables;
    const bool is_set = parameters.contains(name);
    const auto value = is_set ? value_of(parameters, name) : std::string(usual);
    if (!value) {
        // A part of it isn't known, such as Postfix's own defaults; the rest is.
        tables.is_whole = name == "virtual_alias_maps" &&
                          parameters.find(name)->second.find("$virtual_maps") != std::string::npos;
        for (const std::string& table : list_in(parameters.find(name)->second))
            if (table.find('$') == table.npos)
                read_table(host, table, name == "alias_maps", tables);
        return tables;
    }
    for (const std::string& table : list_in(*value))
        read_table(host, table, name == "alias_maps", tables);
    return tables;
}

// None: it can't be said, since the list has a table or an unknown name in it.
std::optional<bool> has_domain(const Parameters& parameters, std::string_view list,
                               const std::string& domain)
{
    if (!parameters.contains(list))
        return list == "mydestination" ? std::nullopt : std::optional(false);
    const auto value = value_of(parameters, list);
    const std::string text = value.value_or(parameters.find(list)->second);
    for (const std::string& word : list_in(text))
        if (equal_ignoring_case(word, domain))
            return true;
    if (!value || text.find_first_of(":/") != text.npos)
        return std::nullopt;
    return false;
}

// An address that transport_maps sends to the program must exist, or Postfix refuses its mail
// (reject_unlisted_recipient in postconf(5)).
std::string slip_of_address(const Host& host, const Parameters& parameters,
                            const std::string& address)
{
    const auto at = address.rfind('@');
    const std::string local = address.substr(0, at), domain = address.substr(at + 1);
    const Tables virtual_aliases = tables_of(host, parameters, "virtual_alias_maps");
    const auto alias_domain = has_domain(parameters, "virtual_alias_domains", domain);
    const bool is_mapped = virtual_aliases.find(address) || virtual_aliases.find("@" + domain);
    if (alias_domain == true && (is_mapped || !virtual_aliases.is_whole)) {
        const std::string* target = virtual_aliases.find(address);
        return target && equal_ignoring_case(*target, address)
                   ? domain + " is in virtual_alias_domains, which delivers nothing: give " +
                         address +
                         " one of this host's own in virtual_alias_maps, and send that "
                         "to the program in transport_maps"
                   : "";
    }
    if (is_mapped || !virtual_aliases.is_whole)
        return "";
    const std::string cure = "Postfix refuses mail for " + address +
                             ", which does not exist; add inline:{" + address + "=" + address +
                             "} to virtual_alias_maps";
    if (alias_domain == true)
        return cure;
    const auto is_local = has_domain(parameters, "mydestination", domain);
    if (is_local == true) {
        const auto own = parameters.find("local_recipient_maps");
        if (own != parameters.end())
            return "";
        const Tables aliases = tables_of(host, parameters, "alias_maps", "texthash:/etc/aliases");
        return !aliases.is_whole || aliases.find(local) || virtual_aliases.find(local) ||
                       is_user_of_host(local)
                   ? ""
                   : cure;
    }
    const auto is_virtual = has_domain(parameters, "virtual_mailbox_domains", domain);
    if (is_virtual == true) {
        const Tables boxes = tables_of(host, parameters, "virtual_mailbox_maps");
        return !parameters.contains("virtual_mailbox_maps") || !boxes.is_whole ||
                       boxes.find(address) || boxes.find("@" + domain)
                   ? ""
                   : cure;
    }
    const auto is_relay = has_domain(parameters, "relay_domains", domain);
    if (is_local == false && is_virtual == false && is_relay == false && alias_domain == false)
        return "Postfix takes no mail for " + domain +
               ": it is neither in mydestination nor in virtual_mailbox_domains";
    return "";
}

// What sends mail to the service `name` of master.cf.
void check_route(const Host& host, const Parameters& parameters, const std::string& name,
                 Recipe& recipe)
{
    const std::string route = name + ":";
    for (const auto& [parameter, value] : parameters) {
        const auto words = list_in(value);
        const bool is_transport =
            parameter.ends_with("_transport") || parameter == "content_filter";
        if (is_transport && !words.empty() && (words[0] == name || words[0].starts_with(route)))
            return;
    }
    const Tables tables = tables_of(host, parameters, "transport_maps");
    bool is_routed = false;
    for (const auto& [address, value] : tables.rows)
        if (value == route || value.starts_with(route)) {
            is_routed = true;
            if (address.find('@') != address.npos && address[0] != '@')
                add(recipe, slip_of_address(host, parameters, address));
        }
    if (!tables.stale.empty())
        add(recipe, tables.stale +
                        " has no database of its own age; as root: postmap, or write texthash: "
                        "before it in transport_maps");
    if (!is_routed && tables.is_whole)
        add(recipe, "nothing sends mail to " + route + "; add inline:{ADDRESS=" + route +
                        "} to transport_maps in main.cf");
}

void check_service(const Host& host, const Parameters& parameters, const std::string& line,
                   Recipe& recipe)
{
    const auto fields = words_of(line);
    const std::string name(fields[0]);
    if (fields[7] != "pipe")
        return add(recipe, "only pipe(8) runs the program, not " + std::string(fields[7]));
    if (fields[3] != "n")
        add(recipe, "pipe(8) needs \"n\" in the column unpriv, the second after \"unix\"");
    if (fields[4] == "y")
        add(recipe,
            "the program isn't found in a chroot; write \"n\" in the column chroot, the "
            "third after \"unix\"");

    const auto argv = line.find(" argv=");
    const std::string_view attributes = std::string_view(line).substr(0, argv);
    const std::vector<std::string> words =
        command_words(argv == line.npos ? "" : std::string_view(line).substr(argv + 6));
    std::string user, flags;
    for (const std::string_view word : words_of(attributes)) {
        if (word.starts_with("user="))
            user = word.substr(5);
        if (word.starts_with("flags="))
            flags = word.substr(6);
    }
    add(recipe, user.empty() ? "user= is missing before argv=; write user=" + host.user
                             : slip_of_user(host, user));
    if (flags.find('D') != flags.npos)
        add(recipe,
            "with the flag D Postfix bounces a mail that carries a Delivered-To field "
            "with this address, which anybody can write; write flags=ORXhu");
    add(recipe, slip_of_program(host, words));
    const auto sender = option_value(words, 'f'), recipient = option_value(words, 'a');
    for (const char* glued : {"-f$", "-a$"})
        if (line.find(glued) != line.npos)
            add(recipe, std::string(glued) +
                            "{...} is glued to its value; write -f ${sender} -a "
                            "${original_recipient}");
    if (!sender && flags.find('R') == flags.npos)
        add(recipe, "the program isn't told who wrote; write -f ${sender}");
    else if (sender && *sender != "${sender}" && *sender != "$sender")
        add(recipe, "-f must have the sender, and not \"" + *sender + "\"; write -f ${sender}");
    if (!recipient && flags.find_first_of("OD") == flags.npos && !host.names_from)
        add(recipe,
            "the program isn't told which address was written to; write -a "
            "${original_recipient}");
    if (recipient && value_of(parameters, name + "_destination_recipient_limit") != "1")
        add(recipe, name +
                        "_destination_recipient_limit must be 1: for mail to several addresses "
                        "the program gets them all; run as root: postconf -e " +
                        name + "_destination_recipient_limit=1");
    for (const std::string& limit : {name + "_time_limit", std::string("command_time_limit")})
        if (const auto value = value_of(parameters, limit)) {
            add(recipe, slip_of_time(host, limit, *value));
            break;
        }
    check_route(host, parameters, name, recipe);
}

// What local(8) does with the user's .forward.
void check_forward(const Host& host, const Parameters& parameters, Recipes& recipes)
{
    const std::string path = host.home + "/.forward";
    const auto text = text_of(host, path);
    if (!text || !runs_program(*text))
        return;
    Recipe recipe{"/etc/postfix/main.cf", {}};
    if (const auto allowed = value_of(parameters, "allow_mail_to_commands");
        allowed && allowed->find("forward") == allowed->npos)
        add(recipe, "allow_mail_to_commands lacks the word forward, so " + path + " runs nothing");
    if (const auto limit = value_of(parameters, "command_time_limit"))
        add(recipe, slip_of_time(host, "command_time_limit", *limit));
    if (const Tables aliases = tables_of(host, parameters, "alias_maps"); !aliases.stale.empty())
        add(recipe, aliases.stale + " has no database of its own age; as root: newaliases");
    if (!recipe.slips.empty())
        recipes.push_back(std::move(recipe));
}

} // namespace

void find_in_postfix(const Host& host, Recipes& recipes)
{
    const auto main_cf = text_of(host, "/etc/postfix/main.cf");
    const Parameters parameters = parameters_in(main_cf.value_or(""));
    for (const std::string& line : logical_lines(text_of(host, master_cf).value_or(""))) {
        if (!runs_program(line) || words_of(line).size() < 8)
            continue;
        Recipe recipe{master_cf, {}};
        check_service(host, parameters, line, recipe);
        recipes.push_back(std::move(recipe));
    }
    if (main_cf)
        check_forward(host, parameters, recipes);
}
