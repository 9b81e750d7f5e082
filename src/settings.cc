#include "settings.hh"

#include "address.hh"
#include "ascii.hh"
#include "failure.hh"
#include "fd.hh"
#include "handle.hh"
#include "lines.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <set>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace {

// The message is one line, whatever the file calls its groups and keys.
[[noreturn]] void refuse(std::string message)
{
    const auto is_control = [](char c) { return g_ascii_iscntrl(c); };
    std::replace_if(message.begin(), message.end(), is_control, '?');
    throw Failure(Reason::settings, message);
}

bool has_only(std::string_view text, std::string_view allowed_punctuation)
{
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return g_ascii_isalnum(c) || allowed_punctuation.find(c) != std::string_view::npos;
    });
}

// A whole number and nothing else; GKeyFile's own reader takes "3 x" for 3.
template <class Number> bool read_number(std::string_view text, long low, long high, Number& target)
{
    long number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < low || number > high)
        return false;
    target = Number(number);
    return true;
}

// Nothing in it needs to be encoded, so a link may begin with it.
bool read_url(const std::string& text, std::string& target)
{
    if ((!text.starts_with("https://") && !text.starts_with("http://")) ||
        !has_only(text, "-._~:/@[]%"))
        return false;
    const Handle<GUri, g_uri_unref> url(g_uri_parse(text.c_str(), G_URI_FLAGS_NONE, nullptr));
    if (!url || !*g_uri_get_host(url.get()))
        return false;
    target = text;
    return true;
}

bool read_base_url(const std::string& text, std::string& target)
{
    if (!read_url(text, target))
        return false;
    if (!target.ends_with('/'))
        target += '/';
    return true;
}

bool read_hosts(const std::string& text, std::vector<std::string>& target)
{
    std::istringstream list(text);
    for (std::string host; std::getline(list, host, ';');) {
        host = g_strstrip(host.data());
        if (host.empty() || !has_only(host, "-._"))
            return false;
        target.push_back(host);
    }
    return true;
}

template <class Value>
bool read_word(const std::string& text, std::initializer_list<std::pair<const char*, Value>> words,
               Value& target)
{
    for (const auto& [word, value] : words)
        if (text == word) {
            target = value;
            return true;
        }
    return false;
}

bool read_path(const std::string& text, std::string& target)
{
    target = text;
    return text.starts_with('/') && text.find(';') == std::string::npos;
}

// Fingerprints (RFC 9580 5.5.4.2) or addresses.
bool read_keys(const std::string& text, std::vector<std::string>& target)
{
    std::istringstream list(text);
    for (std::string key; std::getline(list, key, ';');) {
        key = g_strstrip(key.data());
        const bool is_fingerprint =
            key.size() == 40 &&
            std::all_of(key.begin(), key.end(), [](char c) { return g_ascii_isxdigit(c); });
        if (!is_fingerprint && (key.find('@') == std::string::npos || !is_sendable(key)))
            return false;
        target.push_back(key);
    }
    return true;
}

struct Key {
    const char* group;
    const char* name;
    const char* accepted;
    bool (*read)(Settings&, const std::string& value); // false: not accepted
};

// Everything that a settings file may hold.
const Key keys[] = {
    {"broker", "url", "an http or https URL without a query",
     [](Settings& s, const std::string& v) { return read_base_url(v, s.broker.url); }},
    {"broker", "fronts", "host names separated by \";\", or nothing",
     [](Settings& s, const std::string& v) { return read_hosts(v, s.broker.fronts); }},
    {"broker", "proxy", "a proxy's URL, as socks5h://127.0.0.1:9050, or nothing",
     [](Settings& s, const std::string& v) {
         s.broker.proxy = v;
         return has_only(v, "-._~:/@[]%!$&'()*+,=");
     }},
    {"broker", "ca-file", "the absolute path of a file or directory, or nothing",
     [](Settings& s, const std::string& v) { return v.empty() || read_path(v, s.broker.ca_file); }},
    {"broker", "attempts", "a whole number from 1 to 10",
     [](Settings& s, const std::string& v) { return read_number(v, 1, 10, s.broker.attempts); }},
    {"broker", "timeout", "seconds, a whole number from 1 to 60",
     [](Settings& s, const std::string& v) { return read_number(v, 1, 60, s.broker.timeout); }},
    {"reply", "from", "a mail address with a domain, with or without a display name, or nothing",
     [](Settings& s, const std::string& v) {
         s.reply.from = v;
         return v.empty() || mailbox_address(v).find('@') != std::string::npos;
     }},
    {"reply", "return-path", "a mail address, or nothing for the null return path",
     [](Settings& s, const std::string& v) {
         s.reply.return_path = bare_address(v);
         return s.reply.return_path.empty() || is_sendable(s.reply.return_path);
     }},
    {"reply", "subject", "one line of text",
     [](Settings& s, const std::string& v) {
         s.reply.subject = v;
         return !v.empty() && !has_control(v);
     }},
    {"reply", "sendmail", "the absolute path of a program, without arguments",
     [](Settings& s, const std::string& v) { return read_path(v, s.reply.sendmail); }},
    {"reply", "help", "never or authenticated",
     [](Settings& s, const std::string& v) {
         return read_word(v, {{"never", false}, {"authenticated", true}}, s.reply.help);
     }},
    {"reply", "texts", "the absolute path of a directory",
     [](Settings& s, const std::string& v) { return read_path(v, s.reply.texts); }},
    {"reply", "page", "an http or https URL in ASCII, without a query or fragment, or nothing",
     [](Settings& s, const std::string& v) { return v.empty() || read_url(v, s.reply.page); }},
    {"limits", "deadline", "seconds, a whole number from 10 to 900",
     [](Settings& s, const std::string& v) { return read_number(v, 10, 900, s.limits.deadline); }},
    {"limits", "max-size", "bytes, a whole number from 1024 to 104857600",
     [](Settings& s, const std::string& v) {
         return read_number(v, 1024, 104857600, s.limits.max_size);
     }},
    {"limits", "max-age", "seconds, a whole number from 0 (no limit) to 604800",
     [](Settings& s, const std::string& v) { return read_number(v, 0, 604800, s.limits.max_age); }},
    {"auth", "authserv-ids", "host names separated by \";\", or nothing",
     [](Settings& s, const std::string& v) { return read_hosts(v, s.auth.authserv_ids); }},
    {"auth", "require", "none, spf, dkim, dmarc or any",
     [](Settings& s, const std::string& v) {
         using Require = Settings::Auth::Require;
         return read_word(v,
                          {{"none", Require::none},
                           {"spf", Require::spf},
                           {"dkim", Require::dkim},
                           {"dmarc", Require::dmarc},
                           {"any", Require::any}},
                          s.auth.require);
     }},
    {"quota", "burst", "a whole number from 0 (no limit) to 10000",
     [](Settings& s, const std::string& v) { return read_number(v, 0, 10000, s.quota.burst); }},
    {"quota", "per-hour", "a whole number from 0 (no limit) to 100000",
     [](Settings& s, const std::string& v) { return read_number(v, 0, 100000, s.quota.per_hour); }},
    {"quota", "host-per-minute", "a whole number from 0 (no limit) to 100000",
     [](Settings& s, const std::string& v) {
         return read_number(v, 0, 100000, s.quota.host_per_minute);
     }},
    {"quota", "domain-share", "percent, a whole number from 1 to 100 (no limit)",
     [](Settings& s, const std::string& v) {
         return read_number(v, 1, 100, s.quota.domain_share);
     }},
    {"openpgp", "home", "the absolute path of a directory, or nothing",
     [](Settings& s, const std::string& v) { return v.empty() || read_path(v, s.openpgp.home); }},
    {"openpgp", "key", "fingerprints of 40 digits, or addresses, separated by \";\", or nothing",
     [](Settings& s, const std::string& v) { return read_keys(v, s.openpgp.keys); }},
    {"openpgp", "require", "yes or no",
     [](Settings& s, const std::string& v) {
         return read_word(v, {{"no", false}, {"yes", true}}, s.openpgp.require);
     }},
    {"state", "directory", "the absolute path of a directory",
     [](Settings& s, const std::string& v) { return read_path(v, s.state_directory); }},
    {"log", "target", "syslog, or the absolute path of a file",
     [](Settings& s, const std::string& v) {
         s.log_target = v;
         return v == "syslog" || read_path(v, s.log_target);
     }},
};

std::string list_of_keys(std::string_view group)
{
    std::string list;
    for (const Key& key : keys)
        if (group.empty() || group == key.group)
            if (const char* name = group.empty() ? key.group : key.name;
                list.find(name) == std::string::npos)
                list += (list.empty() ? "" : ", ") + std::string(name);
    return list;
}

// What a line of the file is; GKeyFile knows no line numbers.
struct Line {
    std::string group, key; // a comment and an empty line have neither; a group's line has no key
    bool is_text = true;    // false: GKeyFile stops here
};

Line understand(std::string_view text, const std::string& group)
{
    const std::string_view line = trimmed(text);
    if (line.empty() || line.starts_with('#'))
        return {};
    if (line.starts_with('['))
        return {std::string(line.substr(1, line.find(']') - 1)), "", line.ends_with(']')};
    const auto equals = line.find('=');
    const auto key = trimmed(line.substr(0, equals));
    return {"", std::string(key), equals != line.npos && !key.empty() && !group.empty()};
}

// "file:12" for the last line that `is_it`; just the file's name where there is none.
std::string place_of(std::string_view text, const std::string& where,
                     const std::function<bool(const std::string& group, const Line&)>& is_it)
{
    std::string group;
    int found = 0;
    for (int number = 1; !text.empty(); ++number) {
        const Line line = understand(take_line(text), group);
        if (!line.group.empty())
            group = line.group;
        if (is_it(group, line)) {
            found = number;
            if (!line.is_text)
                break;
        }
    }
    return where + (found ? ":" + std::to_string(found) : "");
}

void read_key(Settings& settings, GKeyFile* file, const std::string& where, const char* group,
              const char* name)
{
    const std::string place = where + ": [" + group + "] " + name;
    const auto key = std::find_if(std::begin(keys), std::end(keys), [&](const Key& k) {
        return std::strcmp(k.group, group) == 0 && std::strcmp(k.name, name) == 0;
    });
    if (key == std::end(keys))
        refuse(place + ": unknown key; known here: " + list_of_keys(group));
    GError* raw_error = nullptr;
    const GString8 value(g_key_file_get_string(file, group, name, &raw_error));
    // GLib sets the error for an unknown escape too, and returns a value with it.
    const Handle<GError, g_error_free> error(raw_error);
    if (error || !value || !key->read(settings, g_strstrip(value.get())))
        refuse(place + ": accepted is " + key->accepted);
}

// None: there is no such file. A FIFO or a device might never come to an end.
std::optional<std::string> read_file(const std::string& name)
{
    constexpr std::size_t most = 1048576; // bytes
    const auto check = [&](bool works) {
        if (!works)
            refuse(name + ": " + std::strerror(errno) +
                   (errno == EACCES ? "; the user of the program must be able to read it: give it "
                                      "that user's group and mode 640, or mode 644"
                                    : ""));
    };
    const Fd file(open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (file.get() < 0 && errno == ENOENT)
        return std::nullopt;
    struct stat status;
    check(file.get() >= 0 && fstat(file.get(), &status) == 0);
    if (!S_ISREG(status.st_mode))
        refuse(name + ": not a regular file");
    std::string text;
    for (std::array<char, 65536> buffer;;) {
        const ssize_t count = read(file.get(), buffer.data(), buffer.size());
        check(count >= 0);
        if (count == 0)
            return text;
        text.append(buffer.data(), static_cast<std::size_t>(count));
        if (text.size() > most)
            refuse(name + ": larger than a mebibyte");
    }
}

} // namespace

Settings parse_settings(const std::string& text, const std::string& where)
{
    const Handle<GKeyFile, g_key_file_unref> file(g_key_file_new());
    GError* raw_error = nullptr;
    const bool parsed = g_key_file_load_from_data(file.get(), text.data(), text.size(),
                                                  G_KEY_FILE_KEEP_TRANSLATIONS, &raw_error);
    const Handle<GError, g_error_free> error(raw_error);
    if (!parsed) // GLib's message quotes the line, which may hold a password
        refuse(place_of(text, where,
                        [](const std::string&, const Line& line) { return !line.is_text; }) +
               ": this line is neither a [group], nor key = value, nor a # comment, or stands "
               "before the first group");

    const auto place_of_key = [&](const std::string& group, const std::string& name) {
        return place_of(text, where, [&](const std::string& in, const Line& line) {
            return in == group && line.key == name && (!name.empty() || !line.group.empty());
        });
    };
    Settings settings;
    std::set<std::string> seen;
    const Handle<char*, g_strfreev> groups(g_key_file_get_groups(file.get(), nullptr));
    for (char** group = groups.get(); *group; ++group) {
        if (list_of_keys(*group).empty())
            refuse(place_of_key(*group, "") + ": [" + *group +
                   "]: unknown group; known: " + list_of_keys(""));
        const Handle<char*, g_strfreev> names(
            g_key_file_get_keys(file.get(), *group, nullptr, nullptr));
        for (char** name = names.get(); *name; ++name) {
            if (!seen.insert(*group + std::string(1, '\n') + *name).second)
                refuse(place_of_key(*group, *name) + ": [" + *group + "] " + *name +
                       ": stands twice");
            read_key(settings, file.get(), place_of_key(*group, *name), *group, *name);
        }
    }
    if (settings.auth.authserv_ids.empty() &&
        settings.auth.require != Settings::Auth::Require::none)
        refuse(place_of_key("auth", "require") +
               ": [auth] require: needs authserv-ids, the names that this host's own "
               "Authentication-Results bear");
    if (settings.openpgp.home.empty() != settings.openpgp.keys.empty() ||
        (settings.openpgp.require && settings.openpgp.home.empty()))
        refuse(place_of_key("openpgp", "") +
               ": [openpgp]: needs both home and key, or nothing at all");
    return settings;
}

Settings read_settings(const std::optional<std::string>& given)
{
    const std::string name = given.value_or(SYSCONFDIR "/snowflake-mail.conf");
    const auto text = read_file(name);
    if (text)
        return parse_settings(*text, name);
    if (given)
        refuse(name + ": " + std::strerror(ENOENT));
    return {};
}
