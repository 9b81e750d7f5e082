#include "client/client_options.hh"
#include "client/deliver.hh"
#include "client/mail_rendezvous.hh"
#include "client/terminal.hh"
#include "failure.hh"
#include "handle.hh"
#include "signals.hh"

#include <csignal>
#include <glib-unix.h>
#include <iostream>

namespace {

// Runs until SIGINT or SIGTERM.
int serve(const ClientOptions& options)
{
    const Handle<GMainLoop, g_main_loop_unref> loop(g_main_loop_new(nullptr, FALSE));
    const auto quit = [](gpointer running) -> gboolean {
        g_main_loop_quit(static_cast<GMainLoop*>(running));
        return G_SOURCE_CONTINUE;
    };
    g_unix_signal_add(SIGINT, quit, loop.get());
    g_unix_signal_add(SIGTERM, quit, loop.get());
    const MailRendezvous rendezvous(options);
    say("url=http://" + options.host + ":" + std::to_string(rendezvous.port()) +
        "/ is ready for Snowflake");
    g_main_loop_run(loop.get());
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
