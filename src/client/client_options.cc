#include "client/client_options.hh"

#include "address.hh"
#include "failure.hh"

#include <charconv>
#include <cstdlib>
#include <getopt.h>
#include <glib.h>
#include <sys/stat.h>
#include <unistd.h>

const char client_usage_text[] =
    "usage: snowflake-mail-client --to ADDRESS [--from ADDRESS] [--listen 127.0.0.1:7080] [--sendmail PATH]\n"
    "       snowflake-mail-client --deliver [-- COMMAND [ARGUMENT]...] < mail\n"
    "Lets Snowflake's own client meet its proxies by mail; see snowflake-mail-client(1).\n"
    "      --to=ADDRESS         the service that answers\n"
    "      --from=ADDRESS       your own address, where the answer comes to\n"
    "      --listen=HOST:PORT   where Snowflake finds it: url=http://HOST:PORT/ in the bridge line\n"
    "      --sendmail=PATH      the local sendmail (/usr/sbin/sendmail)\n"
    "      --delimiter=CHAR     your provider delivers user+anything to user: use that to tell answers apart\n"
    "      --timeout=SECONDS    how long to wait for an answer (120)\n"
    "      --per-minute=COUNT   mails at the most (4)\n"
    "      --socket=PATH        where --deliver finds it\n"
    "      --deliver            takes a mail on stdin; an answer goes to Snowflake, any other mail to COMMAND\n"
    "      --beside             with --deliver: the mail is delivered elsewhere too, so exit with 0 in any case\n"
    "      --version, --help\n";

namespace {

[[noreturn]] void refuse(const char* what)
{
    throw Failure(Reason::usage, std::string(what) + " (see snowflake-mail-client --help)");
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

// A mail system delivers without the session's environment: the places have to follow from the user
// alone. The runtime directory may come and go with sessions while the client runs.
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

} // namespace

ClientOptions parse_client_options(int argc, char* argv[])
{
    enum {
        to = 256,
        from,
        listen,
        sendmail,
        delimiter,
        timeout,
        per_minute,
        socket,
        deliver,
        beside,
        version
    };
    static const option longs[] = {{"to", required_argument, nullptr, to},
                                   {"from", required_argument, nullptr, from},
                                   {"listen", required_argument, nullptr, listen},
                                   {"sendmail", required_argument, nullptr, sendmail},
                                   {"delimiter", required_argument, nullptr, delimiter},
                                   {"timeout", required_argument, nullptr, timeout},
                                   {"per-minute", required_argument, nullptr, per_minute},
                                   {"socket", required_argument, nullptr, socket},
                                   {"deliver", no_argument, nullptr, deliver},
                                   {"beside", no_argument, nullptr, beside},
                                   {"version", no_argument, nullptr, version},
                                   {"help", no_argument, nullptr, 'h'},
                                   {nullptr, 0, nullptr, 0}};
    ClientOptions options;
    options.sockets = usual_sockets();
    opterr = 0;
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, "+:h", longs, nullptr)) != -1;) {
        switch (c) {
        case to: options.to = optarg; break;
        case from: options.from = optarg; break;
        case listen: set_listen(options, optarg); break;
        case sendmail: options.sendmail = optarg; break;
        case delimiter: options.delimiter = optarg; break;
        case timeout:
            options.timeout = number_from<std::chrono::seconds>(
                optarg, 10, 3600, "--timeout: seconds, from 10 to 3600");
            break;
        case per_minute:
            options.per_minute =
                number_from<int>(optarg, 1, 60, "--per-minute: a number from 1 to 60");
            break;
        case socket: options.sockets = {optarg}; break;
        case deliver: options.mode = ClientOptions::Mode::deliver; break;
        case beside: options.beside = true; break;
        case version: options.mode = ClientOptions::Mode::version; break;
        case 'h': options.mode = ClientOptions::Mode::help; break;
        case ':': refuse("an option lacks its value");
        default: refuse("unknown option");
        }
    }
    options.command.assign(argv + optind, argv + argc);
    if (options.mode == ClientOptions::Mode::serve) {
        if (!is_sendable(options.to))
            refuse("--to: the service's mail address is needed");
        if (!options.from.empty() &&
            (!is_sendable(options.from) || options.from.find('@') == std::string::npos))
            refuse("--from: accepted is a mail address");
        if (!options.delimiter.empty() && (options.delimiter.size() != 1 || options.from.empty()))
            refuse("--delimiter: accepted is one character, and --from is needed with it");
        if (!options.command.empty())
            refuse("an argument too many");
    }
    return options;
}
