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

TEST_CASE(
    "of a longer field than 20,000 octets the name is given; the start if it says how the body is "
    "to be read")
{
    CHECK(within_caps("A: " + many(19997, "b") + "\n") == "A: " + many(19997, "b") + "\n");
    CHECK(within_caps("A: " + many(19998, "b") + "\nB: c\n") == "A:\nB: c\n");
    CHECK(within_caps("A: b\n" + many(30000, " c\n") + "B: c\n\ntext\n") == "A:\nB: c\n\ntext\n");
    CHECK(within_caps("Content-Type: text/plain;\n" + many(30000, " c\n") + "\ntext\n")
              .starts_with("Content-Type: text/plain;\n c\n c\n"));
    CHECK(within_caps(many(20000, "a") + ": b\nB: c\n") == "B: c\n"); // its name is not whole
    CHECK(within_caps("\n" + many(30000, "b") + "\n") == "\n" + many(30000, "b") + "\n");
}

TEST_CASE("whatever the header is, the body is given, and what says how it is to be read")
{
    const std::string body = "\n\nbody\n", type = "Content-Type: text/plain; charset=utf-7\n";
    for (const std::string& costly :
         {many(60, "A: " + many(10000, "b") + "\n"), many(60, "A: " + many(300, ":") + "\n"),
          many(60, "A: " + many(100, "=?") + "\n"), many(60, "A: " + many(100, "*=") + "\n"),
          many(50000, "A: b\n"), many(50000, ":\n"), many(50000, "A: b\n c\n"),
          "A: " + many(500000, "b") + "\n", "To: " + many(50000, "a@b, ") + "\n"}) {
        const std::string kept = within_caps(costly + type + body);
        CAPTURE(kept.substr(0, 200));
        CHECK(kept.size() < 140'000);
        CHECK(kept.ends_with("\n" + type + body));
        CHECK(within_caps(type + costly + body).starts_with(type));
    }
    CHECK(within_caps("A: b\n\n" + many(100000, ":=?*=\n")).size() >
          500'000); // none is in a header
}

TEST_CASE("of a header over the caps the most costly fields lose their values, and only these")
{
    const std::string from = "From: user@example.net\n", submitted = "Auto-Submitted: no\n",
                      words = "X-MS-Exchange-AntiSpam-MessageData-0:" +
                              many(300, " =?utf-8?B?IS47SFVibyIvPElWY3AjMD1KV2Rx?=\n"),
                      name = "X-MS-Exchange-AntiSpam-MessageData-0:\n",
                      list = "List-Unsubscribe: <" + many(15000, "u") + ">\n";
    CHECK(within_caps(words + from + "\n") == words + from + "\n");
    CHECK(within_caps(words + from + words + submitted + list + "\n") ==
          name + from + name + submitted + list + "\n");
    CHECK(within_caps(many(4, list) + from + "\n") ==
          many(4, list) + from + "\n"); // they are just as large as they may be
    CHECK(within_caps(many(5, list) + from + "\n") ==
          many(4, list) + "List-Unsubscribe:\n" + from + "\n");
}

TEST_CASE("a field never stands in for one above it that was left out")
{
    const std::string ours =
                          "Authentication-Results: mx.example.org;" + many(900, " dkim=fail (:)\n"),
                      forged = "authentication-results: mx.example.org; dkim=pass\n";
    CHECK(within_caps(forged + "A: b\n" + forged + "\n") == forged + "A: b\n" + forged + "\n");
    CHECK(within_caps(forged + many(3, ours) + "A: b\n" + forged + "\n") ==
          forged + many(2, ours) + "Authentication-Results:\nA: b\nauthentication-results:\n\n");
    // The names are kept from the top down, and a Received field parts what is ours from the rest.
    const std::string trace = "Received: from a by b;" + many(30, " with c\n"),
                      kept = within_caps(trace + many(5000, "A: b\n") + "Return-Path: <a@b>\n\n");
    CHECK(kept.starts_with("Received:\nA:"));
    CHECK(kept.find("Return-Path") == kept.npos);
}

TEST_CASE("no results are kept where a field is left out that may have forged them")
{
    const std::string results = "Authentication-Results: mx.example.org; dkim=pass\n",
                      cut = "Authentication-Results:\n", signature = "dkim-signature: i=x=3B";
    CHECK(within_caps(results + signature + "\n\n") == results + signature + "\n\n");
    CHECK(within_caps(results + signature + many(20000, "x") + "\n\n") ==
          cut + "dkim-signature:\n\n");
    // The long name is the first that isn't kept, and more than 4,000 fields aren't looked at.
    CHECK(within_caps(results + many(2600, "A: b\n") + many(19500, "x") + ": y\n" +
                      many(1500, "A: b\n") + signature + "\n\n")
              .starts_with(cut));
    CHECK(within_caps(results + "List-Unsubscribe: " + many(20000, "u") + "\n\n")
              .starts_with(results));
}

TEST_CASE("behind 1,000 boundaries, 65,536 octets or 4,000 colons of parts nothing is given")
{
    CHECK(goes_on_behind("A: b\n\n" + many(1000, "--b\n\nx\n")));
    CHECK_FALSE(goes_on_behind("A: b\n\n" + many(1001, "--b\n\nx\n")));
    CHECK_FALSE(goes_on_behind("A: b\n\n" + many(600, "--b\nA:::::::\n\nx\n")));
    CHECK_FALSE(goes_on_behind("A: b\n\n" + many(4, "--b\nA: " + many(19000, "b") + "\n\nx\n")));
    CHECK_FALSE(goes_on_behind("A: b\n\n--b\nA: " + many(501, "=?") + "\n\nx\n"));
    CHECK(goes_on_behind(many(3000, "A: b\n") + "\n--b\n" + many(3000, "A: b\n"))); // apart
}

TEST_CASE("RFC 2046 5.1.1: of the header of a part only what says how to read it is given")
{
    const std::string top = "Content-Type: multipart/mixed; boundary=\"b 1\"\n\n",
                      large = many(50, "X-A: " + many(15000, ":") + "\n y\n"),
                      type = "Content-Type: text/plain;\n charset=utf-7\n", body = "\nX-A: text\n";
    CHECK(within_caps(top + "--b 1\n" + large + type + large + body + "--b 1--\n") ==
          top + "--b 1\n" + type + body + "--b 1--\n");
    for (const std::string mail : {"message/rfc822", "Message/Global", "message/news; name=x"}) {
        const std::string attached = "--b 1\nContent-Type: " + mail + "\n\n";
        CHECK(within_caps(top + attached + large + type + body) == top + attached + type + body);
    }
    // Another boundary is perhaps none, and its lines are text.
    CHECK(within_caps(top + "--b 2\nX-A: text\n") == top + "--b 2\nX-A: text\n");
    CHECK(within_caps(top + "--b 1\n" + type + "\n--b 2\nX-A: text\n")
              .ends_with("\n--b 2\nX-A: text\n"));
}

TEST_CASE(
    "RFC 2046 5.1.5, 5.2.1: the header of an attached mail counts, the text of a part does not")
{
    const std::string colons = many(10, "A" + many(500, ":") + "\n");
    for (const std::string type : {"message/x-mail", "multipart/message", "(a) message / rfc822"})
        CHECK_FALSE(goes_on_behind("A: b\n\n--b\nContent-Type: " + type + "\n\n" + colons));
    CHECK_FALSE(goes_on_behind("Content-Type: multipart/digest\n\n--b\n\n" + colons));
    CHECK(goes_on_behind("A: b\n\n--b\nContent-Type: text/plain\n\n" + colons));
}
