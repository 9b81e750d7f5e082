#include "caps.hh"

#include <doctest/doctest.h>

namespace {

std::string many(std::size_t count, const std::string& text)
{
    std::string result;
    for (std::size_t i = 0; i < count; ++i)
        result += text;
    return result;
}

// Whether the line behind all that is given.
bool goes_on_behind(const std::string& mail)
{
    return within_caps(mail + "\nbehind").ends_with("\nbehind\n");
}

} // namespace

TEST_CASE("a mail within the caps is given as it is, with its line ends as LF")
{
    for (const std::string end : {"\n", "\r\n", "\r\r\n"})
        CHECK(within_caps("Subject: a" + end + " b" + end + end + "text" + end + end + "more" +
                          end) == "Subject: a\n b\n\ntext\n\nmore\n");
    CHECK(within_caps("") == "");
    CHECK(within_caps("no header") == "no header\n");
}

TEST_CASE("a CR alone ends a line of the body, and makes no field in the header")
{
    CHECK(within_caps("Subject: a\rReturn-Path: b\n\none\rtwo\r\nthree") ==
          "Subject: a\rReturn-Path: b\n\none\ntwo\nthree\n");
}

TEST_CASE("of a longer field than 20,000 octets the start is given")
{
    CHECK(within_caps("A: " + many(20000, "b") + "\nB: c\n") ==
          "A: " + many(19997, "b") + "\nB: c\n");
    const std::string folded = within_caps("A: b\n" + many(30000, " c\n") + "B: c\n\ntext\n");
    CHECK(folded.ends_with(" c\nB: c\n\ntext\n"));
    CHECK(folded.size() < 31000);
    CHECK(within_caps(many(20000, "a") + ": b\nB: c\n") == "B: c\n"); // its name is not whole
    CHECK(within_caps("\n" + many(30000, "b") + "\n") == "\n" + many(30000, "b") + "\n");
}

TEST_CASE("behind 65,536 octets, 4,000 colons or 500 charsets of header nothing is given")
{
    CHECK(goes_on_behind(many(3, "A: " + many(19997, "b") + "\n")));
    CHECK_FALSE(goes_on_behind(many(4, "A: " + many(19997, "b") + "\n")));
    CHECK(goes_on_behind("To: " + many(3999, ":")));
    CHECK_FALSE(goes_on_behind("To: " + many(4000, ":")));
    for (const std::string charset : {"=?", "*="}) {
        CHECK(goes_on_behind("A: " + many(500, charset)));
        CHECK_FALSE(goes_on_behind("A: " + many(501, charset)));
    }
    CHECK(goes_on_behind("A: b\n\n" + many(100000, ":=?*=\n"))); // a body may have any number
}

TEST_CASE("behind 1,000 boundaries nothing is given; a part's header counts with the mail's")
{
    CHECK(goes_on_behind("A: b\n\n" + many(1000, "--b\n\nx\n")));
    CHECK_FALSE(goes_on_behind("A: b\n\n" + many(1001, "--b\n\nx\n")));
    CHECK_FALSE(goes_on_behind("A: b\n\n" + many(600, "--b\nA:::::::\n\nx\n")));
}

TEST_CASE(
    "RFC 2046 5.1.5, 5.2.1: the header of an attached mail counts, the text of a part does not")
{
    const std::string colons = many(10, "A" + many(500, ":") + "\n");
    for (const std::string type : {"message/rfc822", "Message/RFC822", "(a) message / rfc822"})
        CHECK_FALSE(goes_on_behind("A: b\n\n--b\nContent-Type: " + type + "\n\n" + colons));
    CHECK_FALSE(goes_on_behind("Content-Type: multipart/digest\n\n--b\n\n" + colons));
    CHECK(goes_on_behind("A: b\n\n--b\nContent-Type: text/plain\n\n" + colons));
}
