#include "state.hh"

#include "helpers.hh"
#include "temporary_directory.hh"

#include <algorithm>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fstream>
#include <set>

using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const auto soon = [] { return Clock::now() + 20ms; };

std::set<std::string> names(const TemporaryDirectory& directory)
{
    std::set<std::string> found;
    for (const auto& path : directory.entries())
        found.insert(path.filename());
    return found;
}

} // namespace

TEST_CASE("the key is made at first use, for its owner only, and stays")
{
    const TemporaryDirectory directory;
    const fs::path key = directory.path + "/key";
    State{directory.path};
    CHECK(fs::status(key).permissions() == fs::perms(0600));
    REQUIRE(fs::file_size(key) == 32);
    const auto content = [&] {
        return std::string(std::istreambuf_iterator<char>(std::ifstream(key).rdbuf()), {});
    };
    const std::string made = content();
    CHECK(made != std::string(32, '\0'));
    State{directory.path};
    CHECK(content() == made);
    CHECK(names(directory) == std::set<std::string>{"key"});
}

TEST_CASE(
    "one kind and text give one name, which differs with each of them and with the key, and shows "
    "none of them")
{
    const TemporaryDirectory directory, other;
    const State state(directory.path), same(directory.path), elsewhere(other.path);
    state.open_locked("mail", "user@example.net", soon());
    same.open_locked("mail", "user@example.net", soon());
    CHECK(names(directory).size() == 3); // key, mail and the file
    state.open_locked("mail", "user@example.com", soon());
    state.open_locked("quota", "user@example.net", soon());
    elsewhere.open_locked("mail", "user@example.net", soon());
    CHECK(directory.entries().size() == 6);
    const auto here = names(directory), there = names(other);
    std::vector<std::string> both;
    std::set_intersection(here.begin(), here.end(), there.begin(), there.end(),
                          std::back_inserter(both));
    CHECK(both == std::vector<std::string>{"key", "mail"});
    for (const auto& path : directory.entries())
        if (path.parent_path() != directory.path) {
            CHECK(path.filename().string().size() == 64);
            CHECK(path.filename().string().find_first_not_of("0123456789abcdef") ==
                  std::string::npos);
            CHECK(fs::file_size(path) == 0);
            CHECK(fs::status(path).permissions() == fs::perms(0600));
            CHECK(fs::status(path.parent_path()).permissions() == fs::perms(0700));
        }
}

TEST_CASE("one at a time holds a file, and the wait for it has an end")
{
    const TemporaryDirectory directory;
    const State state(directory.path);
    {
        const Fd held = state.open_locked("mail", "a", soon());
        CHECK(failure_of([&] { state.open_locked("mail", "a", soon()); }) ==
              "state: state directory: another delivery of this mail holds its file");
        CHECK(failure_of([&] { state.open_locked("mail", "b", soon()); }) == "");
        CHECK(failure_of([&] { state.open_locked("quota", "a", soon()); }) == "");
    }
    CHECK(failure_of([&] { state.open_locked("mail", "a", soon()); }) == "");
}

TEST_CASE(
    "a lock on a file that was removed meanwhile is none: the next one is on the file that has "
    "the name")
{
    const TemporaryDirectory directory;
    const State state(directory.path);
    const Fd removed = state.open_locked("mail", "a", soon());
    fs::remove_all(directory.path + "/mail");
    const Fd held = state.open_locked("mail", "a", soon());
    CHECK(failure_of([&] { state.open_locked("mail", "a", soon()); }) != "");
}

TEST_CASE("a directory or a key that can't be used is a fault of this host")
{
    const TemporaryDirectory directory;
    CHECK(failure_of([&] { State{directory.path + "/none"}; }) ==
          "state: state directory: " + directory.path + "/none: No such file or directory");
    std::ofstream(directory.path + "/file") << "x";
    CHECK(failure_of([&] { State{directory.path + "/file"}; }).starts_with("state: "));
    for (const std::size_t size : {0, 31, 33, 64}) {
        std::ofstream(directory.path + "/key") << std::string(size, 'k');
        CHECK_MESSAGE(failure_of([&] { State{directory.path}; }) ==
                          "state: state directory: the key can't be read: Invalid argument",
                      size);
    }
    fs::remove(directory.path + "/key");
    fs::create_symlink(directory.path + "/file", directory.path + "/key");
    CHECK(failure_of([&] { State{directory.path}; }) ==
          "state: state directory: the key can't be read: Too many levels of symbolic links");
    fs::remove(directory.path + "/key");
    const State state(directory.path);
    fs::remove(directory.path + "/file");
    std::ofstream(directory.path + "/mail") << "no directory";
    CHECK(failure_of([&] { state.open_locked("mail", "a", soon()); }) ==
          "state: state directory: a file can't be made: Not a directory");
}

TEST_CASE("the directory of the settings is taken as it is")
{
    Settings settings;
    settings.state_directory = "/nowhere/at/all";
    CHECK(find_state_directory(settings) == "/nowhere/at/all");
}
