#include "client/client_options.hh"
#include "client/deliver.hh"
#include "client/mail_rendezvous.hh"
#include "client/main_loop.hh"
#include "client/terminal.hh"
#include "failure.hh"
#include "signals.hh"

#include <iostream>
#include <unistd.h>

namespace {

// Runs until SIGINT, SIGTERM or SIGHUP.
int serve(const ClientOptions& options)
{
    const UnhurriedOutput output(STDOUT_FILENO);
    const MailRendezvous rendezvous(options);
    say("url=http://" + options.host + ":" + std::to_string(rendezvous.port()) +
        "/ is ready for Snowflake");
    if (options.page)
        say("open http://" + options.host + ":" + std::to_string(rendezvous.port()) +
            "/ in a browser");
    run_main_loop();
    return exit_done;
}

} // namespace

int main(int argc, char* argv[])
{
    prepare_signals();
    try {
        const ClientOptions options = parse_client_options(argc, argv);
        switch (options.mode) {
        case ClientOptions::Mode::help: std::cout << client_usage(); return exit_done;
        case ClientOptions::Mode::version:
            std::cout << "snowflake-mail-client " VERSION "\n";
            return exit_done;
        case ClientOptions::Mode::deliver: return deliver(options);
        case ClientOptions::Mode::serve: return serve(options);
        }
    } catch (const std::exception& exception) {
        std::cerr << "snowflake-mail-client: " << exception.what() << '\n';
    }
    return exit_try_again;
}
