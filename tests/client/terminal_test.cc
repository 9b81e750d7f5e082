#include "client/terminal.hh"
#include "helpers.hh"

#include <algorithm>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

TEST_CASE("each event is one line")
{
    CHECK(said_during([] { say("mailed"); }) == "mailed\n");
}

TEST_CASE("other people's text keeps its place: no character turns it round or hides in it")
{
    // U+061C, U+200E, U+200F; U+202A to U+202E; U+2066 to U+2069 (UAX #9 2)
    for (const std::string control :
         {"\u061c", "\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066",
          "\u2067", "\u2068", "\u2069", "\u2028", "\u2029", "\u200b", "\u2060", "\ufeff",
          "\U000e0041"}) {
        CAPTURE(control);
        CHECK(printable("a" + control + "b") == "a?b");
    }
    for (const std::string text : {"می\u200cشود", "क्\u200dष", "שלום", "e\u0301", "雪", "❄"}) {
        CAPTURE(text);
        CHECK(printable(text) == text);
    }
}

TEST_CASE("a full pipe holds up nobody: lines are left out and counted, and the next ones come")
{
    const Watchdog watchdog;
    int ends[2];
    REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
    const Fd reader(ends[0]), writer(ends[1]);
    std::string read_text(1 << 20, '\0');
    const auto take = [&] {
        const ssize_t count = read(reader.get(), read_text.data(), read_text.size());
        return read_text.substr(0, static_cast<std::size_t>(std::max(count, ssize_t(0))));
    };
    {
        const UnhurriedOutput output(writer.get());
        say("first");
        for (int i = 0; i < 3000; ++i)
            say(std::string(100, 'x'));
        const std::string text = take();
        CHECK(text.starts_with("first\nxxx"));
        CHECK(text.ends_with("x\n")); // no line is cut
        CHECK(text.size() % 101 == 6);
        say("next ", "one");
        const std::string lost = std::to_string(3000 - (text.size() - 6) / 101);
        CHECK(take() == "(lines that nobody read in time: " + lost + ")\nnext one\n");
        say("last");
        CHECK(take() == "last\n");
    }
    CHECK((fcntl(writer.get(), F_GETFL) & O_NONBLOCK) == 0); // others write to it, too
}

TEST_CASE("a socket whose reader sleeps holds up nobody either, and one that is closed is no fault")
{
    const Watchdog watchdog;
    int ends[2];
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    Fd reader(ends[0]);
    const Fd writer(ends[1]);
    const UnhurriedOutput output(writer.get());
    for (int i = 0; i < 10000; ++i)
        say(std::string(100, 'x'));
    reader.close();
    say("nobody reads this");
    CHECK(std::cout.good());
}

TEST_CASE("other people's text is printable: no control character, no invalid UTF-8, no end of it")
{
    CHECK(printable("a\x1b[2Jb\r\nc\x7f") == "a?[2Jb??c?");
    CHECK(printable("\xc2\x9b"
                    "1m") == "?1m"); // U+009B, the C1 form of ESC [
    CHECK(printable("\xff") == "\xef\xbf\xbd");
    CHECK(printable("سلام") == "سلام");
    const std::string longest(200, 'x');
    CHECK(printable(longest) == longest);
    CHECK(printable(longest + "x") == longest + "...");
    std::string wide;
    for (int i = 0; i < 200; ++i)
        wide += "я";
    CHECK(printable(wide) == wide);
    CHECK(printable(wide + "я") == wide + "...");
}
