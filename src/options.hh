#pragma once
#include <optional>
#include <string>
#include <vector>

struct Options {
    enum class Mode { filter, check, report, make_key, export_key, vcard, invite, help, version };
    Mode mode = Mode::filter;
    std::optional<std::string> sender;    // -f
    std::optional<std::string> recipient; // -a
    std::optional<std::string> config;    // -c; none: the default file, which need not exist
    bool dry_run = false;                 // -n
    std::string key_address;              // of --make-key
    std::vector<std::string> files;       // of --report; none: stdin

    bool is_about_key() const { return mode >= Mode::make_key && mode <= Mode::invite; }
};

extern const char usage_text[];

// Throws Failure(Reason::usage).
Options parse_options(int argc, char* argv[]);
