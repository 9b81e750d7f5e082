#pragma once
#include "deadline.hh"

#include <optional>
#include <stdexcept>
#include <string>
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
