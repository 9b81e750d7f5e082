#include "safe_start.hh"

#include "deadline.hh"
#include "environment.hh"
#include "failure.hh"
#include "instrumented.hh"
#include "settings.hh"
#include "signals.hh"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace {

// A file that is opened later would become stdin, stdout or stderr. They are opened the wrong way
// round, so that to read the mail or to write the reply still fails.
void open_standard_descriptors()
{
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            _exit(exit_try_again);
}

// A core would hold the mail. The limit is no limit for a core that goes to a program
// (core(5)), and what can't be dumped can't be read by the user's other processes either.
void forbid_cores()
{
    rlimit limit = {};
    getrlimit(RLIMIT_CORE, &limit);
    limit.rlim_cur = 0; // sendmail may raise it again
    setrlimit(RLIMIT_CORE, &limit);
    prctl(PR_SET_DUMPABLE, 0);
}

} // namespace

void start_safely()
{
    open_standard_descriptors();
    forbid_cores();
    prepare_signals();
    narrow_environment();
    start_deadline(Settings::Limits().deadline); // until the settings say another
}

void leave(int status)
{
    if (has_report_at_end)
        std::exit(status);
    _exit(status);
}
