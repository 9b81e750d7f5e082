#include "process.hh"

#include "environment.hh"
#include "fd.hh"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
extern "C" { // this header lacks it in glibc 2.36
#include <sys/pidfd.h>
}

namespace {

// Starts the program with `input` as its stdin.
pid_t start(const std::vector<std::string>& argv, int input, Output output)
{
    // Without memory it would start with the wrong stdin.
    const auto check = [](int error) {
        if (error != 0)
            throw std::bad_alloc();
    };
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    check(posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO));
    if (output == Output::discarded)
        for (const int fd : {STDOUT_FILENO, STDERR_FILENO})
            check(posix_spawn_file_actions_addopen(&files, fd, "/dev/null", O_WRONLY, 0));

    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none, defaults;
    sigemptyset(&none);
    sigfillset(&defaults); // for what we ignore it would ignore, too
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setpgroup(&attributes, 0); // so that it can be killed with its children
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETPGROUP);

    std::vector<char*> arguments;
    for (const std::string& argument : argv)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    pid_t pid = -1;
    const int error = posix_spawnp(&pid, arguments.front(), &files, &attributes, arguments.data(),
                                   callers_environment());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    if (error != 0)
        throw NotStarted(std::string("can't be started: ") + std::strerror(error));
    return pid;
}

// False: the time is over. It is no error that a program stops reading: its exit status tells.
bool feed(int fd, const std::string& input, Clock::time_point until)
{
    for (std::size_t done = 0; done < input.size();) {
        if (!wait_for(fd, POLLOUT, until))
            return false;
        const ssize_t count = write(fd, input.data() + done, input.size() - done);
        if (count < 0 && errno != EINTR && errno != EAGAIN)
            return true;
        done += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    return true;
}

void kill_group(pid_t leader)
{
    kill(-leader, SIGKILL);
    waitpid(leader, nullptr, 0);
}

} // namespace

std::optional<int> run_process(const std::vector<std::string>& argv, const std::string& input,
                               Output output, Clock::time_point until)
{
    std::array<int, 2> ends;
    if (pipe2(ends.data(), O_CLOEXEC) != 0)
        throw NotStarted("can't be given a pipe");
    Fd read_end(ends[0]), write_end(ends[1]);
    fcntl(write_end.get(), F_SETFL, O_NONBLOCK);

    const pid_t pid = start(argv, read_end.get(), output);
    read_end.close();
    const Fd exited(pidfd_open(pid, 0));
    if (exited.get() < 0) {
        kill_group(pid);
        throw NotStarted("can't be watched");
    }
    const bool fed = feed(write_end.get(), input, until);
    write_end.close();
    if (!fed || !wait_for(exited.get(), POLLIN, until)) {
        kill_group(pid);
        return std::nullopt;
    }
    int status = 0;
    waitpid(pid, &status, 0);
    return status;
}
