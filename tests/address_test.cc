#include "address.hh"
#include "helpers.hh"

#include <doctest/doctest.h>

TEST_CASE("RFC 5321 4.5.5: the null sender is known in every spelling that mail systems use")
{
    for (const auto& text : parts("|<>| <> |MAILER-DAEMON|mailer-daemon|<MAILER-DAEMON>")) {
        CAPTURE(text);
        CHECK(bare_address(text) == "");
    }
    CHECK(bare_address("MAILER-DAEMON@example.org") == "MAILER-DAEMON@example.org");
    CHECK(bare_address(" <User+tag@Example.NET>\n") == "User+tag@Example.NET");
}

TEST_CASE("RFC 5321 4.5.3.1, RFC 6531: what people have as an address can be written to")
{
    for (const auto& address :
         parts("-n@a|o'brien@a|user+a/b=c@a|root|user@[192.0.2.1]|пользователь@пример.испытание|"
               "b`c$d@a|=?utf-8?q?a=2Cb?=@a|a@b_c|" +
               std::string(308, 'a') + "@example.net")) {
        CAPTURE(address);
        CHECK(is_sendable(address));
    }
}

TEST_CASE("RFC 3834 3.1.3: what is no address, or more than one, or too long, can't be written to")
{
    for (const auto& address :
         parts("|@|user@|@a|a@a,b@a|a@a b@a|a@a;b@a|us:a@a|<a@a|\"a\"@a|a(b)@a|a\\b@a|a@b@a|"
               "a@a.|a..b@a|.a@a|a.@a|a@a..b|a@.b|a[b@a|a@a]b|a@[|a@[]|a@[a]|a@[1]2|[1]@a|"
               "a@a\nBcc: b@a|a@a\r|a\x7f@a|a\xff@a|" +
               std::string("a\0@a|", 6) + std::string(309, 'a') + "@example.net")) {
        CAPTURE(address);
        CHECK_FALSE(is_sendable(address));
    }
}

TEST_CASE("RFC 5321 2.4: addresses compare without regard to case, as a whole")
{
    CHECK(same_address("Snowflake@Example.ORG", "snowflake@example.org"));
    CHECK_FALSE(same_address("snowflake@example.org", "snowflake@example.or"));
}

TEST_CASE("RFC 5322 3.4: a mailbox is one address with or without a display name")
{
    for (const auto& mailbox : parts("a@b|<a@b>|Büro <a@b>|\"Doe, Jane: <x>\" <a@b> ")) {
        CAPTURE(mailbox);
        CHECK(mailbox_address(mailbox) == "a@b");
    }
    for (const auto& none :
         parts("|Jane <>|Jane <a@b> x|Jane\nBcc: x <a@b>|a@b, b@b|a@b, Jane <b@b>|us: <a@b>")) {
        CAPTURE(none);
        CHECK(mailbox_address(none) == "");
    }
}

TEST_CASE(
    "an address is counted as one: SRS, BATV and Barracuda are undone, case, +extension and "
    "Gmail's dots don't count")
{
    for (const auto& address :
         parts("Jane.Doe+tag@Example.NET|SRS0=HHH=TT=example.net=jane.doe@a|"
               "SRS1=HHH=b==HHH=TT=example.net=jane.doe@a|"
               "prvs=1234567890=jane.doe@example.net|btv1==123456==jane.doe@example.net")) {
        CAPTURE(address);
        CHECK(canonical_address(address) == "jane.doe@example.net");
    }
    CHECK(canonical_address("J.a.n.e+x@GoogleMail.com") == "jane@gmail.com");
    for (const auto& address : parts("+jane@a|srs0=short@a|root|")) {
        CAPTURE(address);
        CHECK(canonical_address(address) == address);
    }
}
