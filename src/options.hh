#pragma once
#include <optional>
#include <string>

struct Options {
    enum class Mode { filter, check, help, version };
    Mode mode = Mode::filter;
    std::optional<std::string> sender;    // -f
    std::optional<std::string> recipient; // -a
    std::optional<std::string> config;    // -c; none: the default file, which need not exist
    bool dry_run = false;                 // -n
};

extern const char usage_text[];

// Throws Failure(Reason::usage).
Options parse_options(int argc, char* argv[]);
