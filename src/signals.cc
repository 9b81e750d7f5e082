#include "signals.hh"

#include "failure.hh"

#include <csignal>
#include <unistd.h>

void prepare_signals()
{
    // A sendmail that stops reading raises it; its exit status says whether that is an error.
    std::signal(SIGPIPE, SIG_IGN);
    // A caller may have had it ignored; then there would be no exit status.
    std::signal(SIGCHLD, SIG_DFL);
    // GLib raises these when there is no memory. A mail system may bounce the mail when a signal
    // ends the process.
    for (const int out_of_memory : {SIGABRT, SIGTRAP})
        std::signal(out_of_memory, [](int) { _exit(exit_try_again); });
}
