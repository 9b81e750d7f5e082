#include "sendmail.hh"

#include "failure.hh"
#include "fd.hh"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
extern "C" { // glibc 2.36 forgets it in this header
#include <sys/pidfd.h>
}

namespace {

[[noreturn]] void fail(const std::string& what) { throw NotSent("sendmail", "sendmail " + what); }

// It may have taken the mail before.
[[noreturn]] void fail_unclearly(const std::string& what) { throw Failure("sendmail", "sendmail " + what); }

// Started with our end of a pipe as its stdin; what it prints goes nowhere: it may name addresses, and Exim takes any output for a failure.
pid_t start(const std::string& program, const std::string& return_path, const std::string& recipient, int input)
{
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);

    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none, defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setpgroup(&attributes, 0); // so that it can be killed with its children
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);

    const std::string path = return_path.empty() ? "<>" : return_path;
    // RFC 3834 3.3. "--": a recipient may begin with "-".
    std::array<const char*, 7> argv = {"sendmail", "-i", "-f", path.c_str(), "--", recipient.c_str(), nullptr};
    pid_t pid = -1;
    const int error = posix_spawn(&pid, program.c_str(), &files, &attributes, const_cast<char**>(argv.data()), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    if (error != 0)
        fail(std::string("can't be started: ") + std::strerror(error));
    return pid;
}

// false when the time is over. A sendmail that stops reading is judged by its exit status alone.
bool feed(int fd, const std::string& mail, Clock::time_point until)
{
    for (std::size_t done = 0; done < mail.size();) {
        if (!wait_for(fd, POLLOUT, until))
            return false;
        const ssize_t count = write(fd, mail.data() + done, mail.size() - done);
        if (count < 0 && errno != EINTR && errno != EAGAIN)
            return true;
        done += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    return true;
}

} // namespace

void send_mail(const std::string& program, const std::string& return_path, const std::string& recipient, const std::string& mail,
               Clock::time_point until)
{
    std::array<int, 2> ends;
    if (pipe2(ends.data(), O_CLOEXEC) != 0)
        fail("can't be given a pipe");
    Fd read_end(ends[0]), write_end(ends[1]);
    fcntl(write_end.get(), F_SETFL, O_NONBLOCK);

    const pid_t pid = start(program, return_path, recipient, read_end.get());
    read_end.close();
    const Fd exited(pidfd_open(pid, 0));
    if (exited.get() < 0) {
        kill(-pid, SIGKILL);
        waitpid(pid, nullptr, 0);
        fail("can't be watched");
    }
    const bool fed = feed(write_end.get(), mail, until);
    write_end.close();
    if (!fed || !wait_for(exited.get(), POLLIN, until)) {
        kill(-pid, SIGKILL);
        waitpid(pid, nullptr, 0);
        fail_unclearly("did not finish in time");
    }
    int status = 0;
    waitpid(pid, &status, 0);
    if (WIFSIGNALED(status))
        fail_unclearly("was killed by signal " + std::to_string(WTERMSIG(status)));
    if (WEXITSTATUS(status) != 0)
        fail("failed with exit status " + std::to_string(WEXITSTATUS(status)));
}
