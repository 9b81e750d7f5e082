#include "client/terminal.hh"
#include "helpers.hh"

#include <doctest/doctest.h>

TEST_CASE("each event is one line")
{
    CHECK(said_during([] { say("mailed"); }) == "mailed\n");
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
