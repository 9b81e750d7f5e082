#include "environment.hh"

#include <array>
#include <cstddef>
#include <string_view>
#include <unistd.h>

namespace {

// ENVIRONMENT in snowflake-mail(8).
constexpr auto known_names =
    std::to_array<std::string_view>({"RPLINE", "SENDER", "FROM", "MAILFILTER", "ORIGINAL_RECIPIENT",
                                     "ORIG_RECIPIENT", "RECIPIENT", "HOME", "XDG_STATE_HOME"});

char** whole = nullptr;                                  // null: it was not narrowed
std::array<char*, known_names.size() + 1> narrowed = {}; // ends with a null pointer

bool sets(std::string_view entry, std::string_view name)
{
    return entry.starts_with(name) && entry.substr(name.size()).starts_with('=');
}

} // namespace

void narrow_environment()
{
    if (whole)
        return;
    whole = environ;
    std::size_t count = 0;
    for (const std::string_view name : known_names)
        for (char** entry = whole; entry && *entry; ++entry)
            if (sets(*entry, name)) {
                narrowed[count++] = *entry;
                break; // getenv(3) takes the first, too
            }
    environ = narrowed.data();
}

char** callers_environment() { return whole ? whole : environ; }
