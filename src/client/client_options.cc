#include "client/client_options.hh"

#include "address.hh"
#include "client/client_failure.hh"

#include <algorithm>
#include <charconv>
#include <getopt.h>
#include <glib.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

[[noreturn]] void refuse(const std::string& what)
{
    throw ClientFailure(what + " (see snowflake-mail-client --help)");
}

template <class Number> Number number_from(const char* text, long low, long high, const char* what)
{
    long number = 0;
    const std::string_view view = text;
    const auto [end, error] = std::from_chars(view.data(), view.data() + view.size(), number);
    if (error != std::errc() || end != view.data() + view.size() || number < low || number > high)
        refuse(what);
    return Number(number);
}

// They follow from the user alone: a mail system delivers without the session's environment. The
// runtime directory may come and go with sessions while the client runs, so there are two.
std::vector<std::string> usual_sockets()
{
    std::vector<std::string> sockets = {std::string(g_get_home_dir()) +
                                        "/.local/state/snowflake-mail-client/socket"};
    const std::string runtime = "/run/user/" + std::to_string(getuid());
    struct stat status;
    if (stat(runtime.c_str(), &status) == 0 && status.st_uid == getuid())
        sockets.insert(sockets.begin(), runtime + "/snowflake-mail-client");
    return sockets;
}

void set_listen(ClientOptions& options, std::string_view text)
{
    const auto colon = text.rfind(':');
    options.host = text.substr(0, colon);
    if (colon == std::string_view::npos || (options.host != "127.0.0.1" && options.host != "[::1]"))
        refuse("--listen: accepted is 127.0.0.1:PORT or [::1]:PORT");
    options.port = number_from<unsigned>(std::string(text.substr(colon + 1)).c_str(), 0, 65535,
                                         "--listen: a port is a number from 0 to 65535");
}

constexpr ClientOption table[] = {
    {"to", "ADDRESS", "the service that answers",
     [](ClientOptions& options, const char* value) { options.to = value; }},
    {"from", "ADDRESS", "your own address, where the answer comes to",
     [](ClientOptions& options, const char* value) { options.from = value; }},
    {"listen", "HOST:PORT", "where Snowflake finds it: url=http://HOST:PORT/ in the bridge line",
     [](ClientOptions& options, const char* value) { set_listen(options, value); }},
    {"sendmail", "PATH", "the local sendmail (/usr/sbin/sendmail; none with --page)",
     [](ClientOptions& options, const char* value) { options.sendmail = value; }},
    {"key", "FILE", "encrypt to the service's key: its vCard, or the key itself",
     [](ClientOptions& options, const char* value) { options.key = value; }},
    {"delimiter", "CHAR", "for a provider that delivers user+anything to user: tells answers apart",
     [](ClientOptions& options, const char* value) { options.delimiter = value; }},
    {"timeout", "SECONDS", "how long to wait for an answer (120; 600 with --page)",
     [](ClientOptions& options, const char* value) {
         options.timeout = number_from<std::chrono::seconds>(value, 10, 3600,
                                                             "--timeout: seconds, from 10 to 3600");
     }},
    {"per-minute", "COUNT", "how many mails may go out (4)",
     [](ClientOptions& options, const char* value) {
         options.per_minute = number_from<int>(value, 1, 60, "--per-minute: a number from 1 to 60");
     }},
    {"page", nullptr, "serve a page: you send the mails, and open the links in the replies",
     [](ClientOptions& options, const char*) { options.page = true; }},
    {"socket", "PATH", "where --deliver finds the running client; the same for both",
     [](ClientOptions& options, const char* value) { options.sockets = {value}; }},
    {"deliver", nullptr, "take a mail on stdin: an answer goes to Snowflake, others to COMMAND",
     [](ClientOptions& options, const char*) { options.mode = ClientOptions::Mode::deliver; }},
    {"beside", nullptr, "with --deliver: the mail is delivered elsewhere too, so exit with 0",
     [](ClientOptions& options, const char*) { options.beside = true; }},
    {"version", nullptr, "print the version",
     [](ClientOptions& options, const char*) { options.mode = ClientOptions::Mode::version; }},
    {"help", nullptr, "print this",
     [](ClientOptions& options, const char*) { options.mode = ClientOptions::Mode::help; }},
};

void check_service_options(const ClientOptions& options)
{
    if (!is_sendable(options.to))
        refuse("--to: the service's mail address is needed");
    if (!options.from.empty() &&
        (!is_sendable(options.from) || options.from.find('@') == std::string::npos))
        refuse("--from: accepted is a mail address");
    if (!options.delimiter.empty() && (options.delimiter.size() != 1 || options.from.empty()))
        refuse("--delimiter: accepted is one character, and --from is needed with it");
    if (!options.key.empty() && options.from.empty())
        refuse("--key: --from is needed with it, so that the reply can be encrypted");
    if (!options.key.empty() && !options.delimiter.empty())
        refuse("--key: it tells answers apart, so --delimiter is of no use with it");
    if (!options.command.empty())
        refuse("an argument too many");
}

} // namespace

std::span<const ClientOption> client_option_table() { return table; }

std::string client_usage()
{
    constexpr std::size_t column = 21; // of the meanings
    std::string usage =
        "usage: snowflake-mail-client --to=ADDRESS [OPTION]...\n"
        "       snowflake-mail-client --deliver [OPTION]... [-- COMMAND [ARGUMENT]...] < mail\n"
        "Lets Snowflake's own client meet its proxies by mail; see snowflake-mail-client(1).\n";
    for (const ClientOption& row : table) {
        std::string option = std::string("--") + row.name;
        if (row.argument)
            option += std::string("=") + row.argument;
        option.resize(std::max(column, option.size() + 1), ' ');
        usage += "  " + option + row.meaning + "\n";
    }
    return usage;
}

namespace {

// Fit for a terminal.
std::string shown(std::string_view argument)
{
    constexpr std::size_t longest = 80;
    std::string text(argument.substr(0, longest));
    std::replace_if(
        text.begin(), text.end(), [](char c) { return !g_ascii_isprint(c); }, '?');
    return text;
}

// The option that getopt_long(3) doesn't take: a letter may stand among others.
std::string quoted_option(char* argv[])
{
    const bool is_letter = optopt > 0 && optopt < 256;
    return is_letter ? shown(std::string{'-', static_cast<char>(optopt)}) : shown(argv[optind - 1]);
}

// What was not given. A person who mails by hand needs more time, and no sendmail.
void set_defaults(ClientOptions& options)
{
    const ClientOptions usual;
    if (options.sendmail.empty() && !options.page)
        options.sendmail = usual.sendmail;
    if (options.timeout.count() == 0)
        options.timeout = options.page ? std::chrono::minutes(10) : usual.timeout;
}

} // namespace

ClientOptions parse_client_options(int argc, char* argv[])
{
    constexpr int first_row = 256; // above every character
    std::vector<option> longs;
    for (const ClientOption& row : table)
        longs.push_back({row.name, row.argument ? required_argument : no_argument, nullptr,
                         first_row + static_cast<int>(longs.size())});
    longs.push_back({nullptr, 0, nullptr, 0});

    ClientOptions options;
    options.sockets = usual_sockets();
    options.sendmail = "";
    options.timeout = {};
    opterr = 0; // refuse() says it
    optind = 0; // as if for the first time
    for (int c; (c = getopt_long(argc, argv, "+:h", longs.data(), nullptr)) != -1;) {
        switch (c) {
        case 'h': options.mode = ClientOptions::Mode::help; break;
        case ':': refuse("an option lacks its value: " + shown(argv[optind - 1]));
        case '?':
            refuse((optopt >= first_row ? "an option that takes no value: " : "unknown option: ") +
                   quoted_option(argv));
        default: table[c - first_row].apply(options, optarg);
        }
    }
    set_defaults(options);
    options.command.assign(argv + optind, argv + argc);
    if (options.command.empty() && argc > 1 && std::string_view(argv[argc - 1]) == "--")
        refuse("a command is missing behind --");
    if (options.mode == ClientOptions::Mode::serve)
        check_service_options(options);
    return options;
}
