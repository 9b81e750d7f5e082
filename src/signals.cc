#include "signals.hh"

#include "failure.hh"

#include <algorithm>
#include <array>
#include <csignal>
#include <iterator>
#include <unistd.h>

namespace {

// Left as they are: these don't end a process, or can't be handled.
constexpr int others[] = {SIGKILL, SIGSTOP, SIGTSTP,  SIGTTIN, SIGTTOU, SIGCONT,
                          SIGCHLD, SIGURG,  SIGWINCH, SIGPIPE, SIGXFSZ};

void end_process(int) { _exit(exit_try_again); }

// Replaces the action of each signal that has `old`. Others belong to somebody else: a sanitizer
// reports with its own.
void replace(void (*const old)(int), const struct sigaction& action)
{
    for (int number = 1; number <= SIGRTMAX; ++number) {
        struct sigaction current = {};
        if (std::find(std::begin(others), std::end(others), number) == std::end(others) &&
            sigaction(number, nullptr, &current) == 0 && current.sa_handler == old)
            sigaction(number, &action, nullptr);
    }
}

// A handler can't run on a stack that has overflown.
void have_another_stack()
{
    alignas(16) static std::array<char, 65536> space; // twice what AVX-512 and AMX need
    stack_t stack = {};
    if (sigaltstack(nullptr, &stack) != 0 || !(stack.ss_flags & SS_DISABLE))
        return; // a sanitizer has one
    stack.ss_sp = space.data();
    stack.ss_size = space.size();
    stack.ss_flags = 0;
    sigaltstack(&stack, nullptr);
}

} // namespace

void prepare_signals()
{
    // A sendmail that stops reading raises it; its exit status says whether that is an error.
    std::signal(SIGPIPE, SIG_IGN);
    // A log file over the limit of file sizes raises it; so the line is lost and not the mail.
    std::signal(SIGXFSZ, SIG_IGN);
    // A caller may have had it ignored; then there would be no exit status.
    std::signal(SIGCHLD, SIG_DFL);

    have_another_stack();
    struct sigaction action = {};
    action.sa_handler = end_process;
    action.sa_flags = SA_ONSTACK;
    replace(SIG_DFL, action);
    replace(SIG_IGN, action); // the caller's choice, of which a fault takes no notice

    sigset_t none; // a mail system may have blocked every signal
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

void hold_signals()
{
    sigset_t held;
    sigfillset(&held);
    for (const int fault : {SIGALRM, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP})
        sigdelset(&held, fault);
    sigprocmask(SIG_BLOCK, &held, nullptr);
}

void restore_signals()
{
    struct sigaction action = {};
    action.sa_handler = SIG_DFL;
    replace(end_process, action);
}
