#include "options.hh"

#include "failure.hh"

#include <getopt.h>

const char usage_text[] =
    "usage: snowflake-mail [-n] [-c FILE] [-f SENDER] [-a RECIPIENT] < mail\n"
    "       snowflake-mail --check [-c FILE]\n"
    "       snowflake-mail --report [FILE...]\n"
    "       snowflake-mail --make-key ADDRESS [-c FILE]\n"
    "       snowflake-mail --export-key | --vcard | --invite [-c FILE] [-a RECIPIENT]\n"
    "Answers one mail that holds a Snowflake poll request. A mail system runs it; see "
    "snowflake-mail(8).\n"
    "  -f, --sender=ADDRESS     envelope sender; \"\", <> and MAILER-DAEMON are the null sender\n"
    "  -a, --recipient=ADDRESS  envelope recipient: the service address that was written to\n"
    "  -c, --config=FILE        settings (" SYSCONFDIR
    "/snowflake-mail.conf)\n"
    "  -n, --dry-run            ask the broker, write the reply to stdout instead of sending it\n"
    "      --check              check the settings, sendmail, the state directory and the broker\n"
    "      --report             count by day what the log in the FILEs or on stdin says\n"
    "      --make-key=ADDRESS   make the service's OpenPGP key in home of [openpgp]\n"
    "      --export-key         print it\n"
    "      --vcard              print it as a contact for Delta Chat\n"
    "      --invite             print a link and a QR code that make that contact\n"
    "      --version, --help\n";

Options parse_options(int argc, char* argv[])
{
    // Not GOption: an address is bytes whatever the locale (SMTPUTF8), and may begin with "-".
    static const option longs[] = {{"sender", required_argument, nullptr, 'f'},
                                   {"recipient", required_argument, nullptr, 'a'},
                                   {"config", required_argument, nullptr, 'c'},
                                   {"dry-run", no_argument, nullptr, 'n'},
                                   {"check", no_argument, nullptr, 'C'},
                                   {"report", no_argument, nullptr, 'R'},
                                   {"make-key", required_argument, nullptr, 'M'},
                                   {"export-key", no_argument, nullptr, 'E'},
                                   {"vcard", no_argument, nullptr, 'v'},
                                   {"invite", no_argument, nullptr, 'I'},
                                   {"version", no_argument, nullptr, 'V'},
                                   {"help", no_argument, nullptr, 'h'},
                                   {nullptr, 0, nullptr, 0}};
    Options options;
    opterr = 0; // getopt's own messages quote arguments, which may be addresses
    optind = 0; // begins anew, whatever an earlier call has left
    for (int c; (c = getopt_long(argc, argv, ":f:a:c:nh", longs, nullptr)) != -1;) {
        switch (c) {
        case 'f': options.sender = optarg; break;
        case 'a': options.recipient = optarg; break;
        case 'c': options.config = optarg; break;
        case 'n': options.dry_run = true; break;
        case 'C': options.mode = Options::Mode::check; break;
        case 'R': options.mode = Options::Mode::report; break;
        case 'M':
            options.mode = Options::Mode::make_key;
            options.key_address = optarg;
            break;
        case 'E': options.mode = Options::Mode::export_key; break;
        case 'v': options.mode = Options::Mode::vcard; break;
        case 'I': options.mode = Options::Mode::invite; break;
        case 'V': options.mode = Options::Mode::version; break;
        case 'h': options.mode = Options::Mode::help; break;
        case ':':
            throw Failure(Reason::usage,
                          "usage: an option lacks its value (see snowflake-mail --help)");
        default: throw Failure(Reason::usage, "usage: unknown option (see snowflake-mail --help)");
        }
    }
    if (options.mode == Options::Mode::report)
        options.files.assign(argv + optind, argv + argc);
    else if (optind < argc)
        throw Failure(Reason::usage, "usage: an argument too many (see snowflake-mail --help)");
    return options;
}
