#include "signals.hh"

#include "failure.hh"

#include <csignal>
#include <unistd.h>

void prepare_signals()
{
    std::signal(SIGPIPE, SIG_IGN); // a sendmail that stops reading is told by its exit status
    std::signal(SIGCHLD, SIG_DFL); // ignored by the caller, it would hide that status
    // GLib ends the process when there is no memory; a mail system may bounce the mail of a process
    // that a signal killed.
    for (const int out_of_memory : {SIGABRT, SIGTRAP})
        std::signal(out_of_memory, [](int) { _exit(exit_try_again); });
}
