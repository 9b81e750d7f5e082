#pragma once
#include "deadline.hh"
#include "fd.hh"

#include <optional>
#include <stdexcept>
#include <string>
#include <sys/types.h>
#include <vector>

struct NotStarted : std::runtime_error {
    using std::runtime_error::runtime_error;
};

enum class Output { inherited, discarded, kept };

// Runs a program without a shell: argv[0] is its path or a name in PATH. Its stdin is a file that
// has all of `input` before it starts, so that it never takes a part for the whole when we are
// killed. Returns its status as waitpid(2) does. None: it was not done at `until`, and was killed
// with its children. Throws NotStarted, or std::bad_alloc before it is started. `kept` gets the
// output (Output::kept): its first pages, whatever there is of it.
std::optional<int> run_process(const std::vector<std::string>& argv, const std::string& input,
                               Output output, Clock::time_point until, std::string* kept = nullptr);

// A file in memory with that content, which no directory names and nobody can change. Throws
// NotStarted.
Fd sealed_file(const std::string& content);

// Starts a program as run_process() does, in a process group of its own, with these descriptors as
// its 0, 1, 2 and so on; -1 is /dev/null for writing. Returns its process id; the caller has to
// wait for it. Throws as run_process().
pid_t start_process(const std::vector<std::string>& argv, const std::vector<int>& files,
                    char** environment);
