#include "process.hh"

#include "environment.hh"
#include "fd.hh"
#include "pidfd.hh"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

NotStarted not_started(const char* what, int error)
{
    return NotStarted(std::string(what) + ": " + std::strerror(error));
}

// A file in memory that can be written to its end and no further. So nobody has to read while the
// program runs, and a child that outlives it holds up nobody.
Fd bounded_file()
{
    constexpr off_t most = 1 << 14; // octets
    Fd file(memfd_create("output", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (file.get() < 0 || ftruncate(file.get(), most) != 0 ||
        fcntl(file.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
        throw not_started("can't be given a place for its output", errno);
    return file;
}

// What was written into such a file.
std::string text_in(int file)
{
    std::string text(1 << 14, '\0');
    const ssize_t count = pread(file, text.data(), text.size(), 0);
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    text.erase(std::min(text.find('\0'), text.size()));
    return text;
}

} // namespace

Fd sealed_file(const std::string& content)
{
    Fd file(memfd_create("mail", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (file.get() < 0)
        throw not_started("can't be given its input", errno);
    for (std::size_t done = 0; done < content.size();) {
        // The position stays at the start.
        const ssize_t count = pwrite(file.get(), content.data() + done, content.size() - done,
                                     static_cast<off_t>(done));
        if (count < 0 && errno != EINTR)
            throw not_started("can't be given its input", errno);
        done += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    if (fcntl(file.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) !=
        0)
        throw not_started("can't be given its input", errno);
    return file;
}

pid_t start_process(const std::vector<std::string>& argv, const std::vector<int>& files,
                    char** environment)
{
    // Without memory it would start with the wrong descriptors.
    const auto check = [](int error) {
        if (error != 0)
            throw std::bad_alloc();
    };
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    std::vector<Fd> copies; // of those that would be overwritten before their turn
    for (std::size_t number = 0; number < files.size(); ++number) {
        const int as = static_cast<int>(number), count = static_cast<int>(files.size());
        int file = files[number];
        if (file < 0) {
            check(posix_spawn_file_actions_addopen(&actions, as, "/dev/null", O_WRONLY, 0));
            continue;
        }
        if (file != as && file < count) {
            file = copies.emplace_back(fcntl(file, F_DUPFD_CLOEXEC, count)).get();
            if (file < 0)
                throw not_started("can't be given its descriptors", errno);
        }
        check(posix_spawn_file_actions_adddup2(&actions, file, as));
    }

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
    const int error =
        posix_spawnp(&pid, arguments.front(), &actions, &attributes, arguments.data(), environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        throw not_started("can't be started", error);
    return pid;
}

std::optional<int> run_process(const std::vector<std::string>& argv, const std::string& input,
                               Output output, Clock::time_point until, std::string* kept)
{
    // None, which is /dev/null, where the output is discarded.
    const Fd output_file = output == Output::kept ? bounded_file() : Fd();
    const auto output_as = [&](int own) {
        return output == Output::inherited ? own : output_file.get();
    };
    const pid_t pid = start_process(
        argv, {sealed_file(input).get(), output_as(STDOUT_FILENO), output_as(STDERR_FILENO)},
        callers_environment());
    // Where it can't be had only the deadline of the whole run is left: the program may have done
    // its work by now.
    const Fd exited = open_pidfd(pid);
    if (exited.get() >= 0 && !wait_for(exited.get(), POLLIN, until)) {
        kill(-pid, SIGKILL);
        waitpid(pid, nullptr, 0);
        return std::nullopt;
    }
    int status = 0;
    waitpid(pid, &status, 0);
    if (kept)
        *kept = text_in(output_file.get());
    return status;
}
