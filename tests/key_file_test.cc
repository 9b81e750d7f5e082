#include "key_file.hh"

#include "helpers.hh"
#include "temporary_directory.hh"

#include <csignal>
#include <doctest/doctest.h>
#include <fstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const auto soon = [] { return Clock::now() + 20ms; };

std::string content(const fs::path& file)
{
    return std::string(std::istreambuf_iterator<char>(std::ifstream(file).rdbuf()), {});
}

} // namespace

TEST_CASE("the key is made at first use, for its owner only, and stays")
{
    const TemporaryDirectory directory;
    const fs::path key = directory.path + "/key";
    KeyFile{directory.path};
    CHECK(fs::status(key).permissions() == fs::perms(0600));
    REQUIRE(fs::file_size(key) == 32);
    const std::string made = content(key);
    CHECK(made != std::string(32, '\0'));
    KeyFile{directory.path};
    CHECK(content(key) == made);
    CHECK(directory.entries().size() == 1);
}

TEST_CASE("a hash has 16 octets, and differs with the text and with the key")
{
    const TemporaryDirectory directory, other;
    const KeyFile key(directory.path), same(directory.path), another(other.path);
    CHECK(key.hash_of("user@example.net").size() == 16);
    CHECK(key.hash_of("user@example.net") == same.hash_of("user@example.net"));
    CHECK(key.hash_of("user@example.net") != key.hash_of("user@example.com"));
    CHECK(key.hash_of("user@example.net") != another.hash_of("user@example.net"));
}

TEST_CASE("RFC 2104: the hash is the HMAC")
{
    const TemporaryDirectory directory;
    std::ofstream(directory.path + "/key") << std::string(32, '\x0b');
    // printf 'Hi There' | openssl dgst -sha256 -mac hmac -macopt hexkey:0b...
    const std::string wanted = "\x19\x8a\x60\x7e\xb4\x4b\xfb\xc6\x99\x03\xa0\xf1\xcf\x2b\xbd\xc5";
    CHECK(KeyFile(directory.path).hash_of("Hi There") == wanted);
}

TEST_CASE("one at a time holds a lock, and the wait for it has an end")
{
    const TemporaryDirectory directory;
    const KeyFile first(directory.path), second(directory.path);
    first.lock(1, soon());
    CHECK(failure_of([&] { second.lock(1, soon()); }) ==
          "state: state directory: another process holds a lock");
    CHECK(failure_of([&] { second.lock(2, soon()); }) == "");
    CHECK(failure_of([&] { second.lock(4294967295, soon()); }) == "");
    first.unlock(1);
    CHECK(failure_of([&] { second.lock(1, soon()); }) == "");
}

TEST_CASE("a lock ends with the process that holds it, also when that is killed")
{
    const TemporaryDirectory directory;
    const KeyFile key(directory.path);
    int ready[2];
    REQUIRE(pipe(ready) == 0);
    const pid_t child = fork();
    if (child == 0) {
        KeyFile(directory.path).lock(1, soon());
        const KeyFile held(directory.path);
        held.lock(1, soon());
        (void)!write(ready[1], "x", 1);
        pause();
        _exit(0);
    }
    char byte;
    REQUIRE(read(ready[0], &byte, 1) == 1);
    CHECK(failure_of([&] { key.lock(1, soon()); }) != "");
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    CHECK(failure_of([&] { key.lock(1, soon()); }) == "");
    close(ready[0]);
    close(ready[1]);
}

TEST_CASE("a directory or a key that can't be used is a fault of this host")
{
    const TemporaryDirectory directory;
    const fs::path key = directory.path + "/key";
    const auto failure = [&] { return failure_of([&] { KeyFile{directory.path}; }); };
    CHECK(failure_of([&] { KeyFile{directory.path + "/none"}; }) ==
          "state: state directory: " + directory.path + "/none: No such file or directory");
    std::ofstream(directory.path + "/file") << "x";
    CHECK(failure_of([&] { KeyFile{directory.path + "/file"}; }).starts_with("state: "));
    for (const std::size_t size : {0U, 31U, 33U, 64U}) {
        std::ofstream(key) << std::string(size, 'k');
        CHECK_MESSAGE(
            failure() == "state: state directory: the key can't be read: Invalid argument", size);
    }
    fs::remove(key);
    fs::create_symlink(directory.path + "/file", key);
    CHECK(failure() ==
          "state: state directory: the key can't be read: Too many levels of symbolic links");
    fs::remove(key);
    fs::create_directory(key);
    CHECK(failure() == "state: state directory: the key can't be read: Is a directory");
    fs::remove(key);
    REQUIRE(mkfifo(key.c_str(), 0600) == 0);
    CHECK(failure() == "state: state directory: key: Invalid argument");
}
