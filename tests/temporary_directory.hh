#pragma once
#include <filesystem>
#include <string>
#include <vector>

// A directory that vanishes with the test.
struct TemporaryDirectory {
    std::string path = (std::filesystem::temp_directory_path() / "snowflake-mail.XXXXXX").string();

    TemporaryDirectory() { path = mkdtemp(path.data()) ? path : ""; }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    ~TemporaryDirectory() { std::filesystem::remove_all(path); }

    // Everything below it, files and directories.
    std::vector<std::filesystem::path> entries() const
    {
        const std::filesystem::recursive_directory_iterator all(path);
        return {begin(all), end(all)};
    }
};
