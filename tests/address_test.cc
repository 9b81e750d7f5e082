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
         parts("-n@a|o'brien@a|user+a/b=c@a|root|user@[192.0.2.1]|user@[IPv6:2001:db8::1]|"
               "user@[ipv6:::ffff:192.0.2.1]|пользователь@пример.испытание|"
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
               "a@[1]|a@[1.2.3.4.5]|a@[IPv6:]|a@[IPv6:1.2.3.4]|a@[1::2]|a@[IPv6:1::2::3]|"
               "a@[IPv6:1::g]|a@[IPv6:fe80::1%eth0]|a@[x-y:1]|a@IPv6:1::2|"
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
    CHECK(same_address("root", "ROOT"));
    for (const auto& other : parts("user@|user@a.b|userx@a|@a|user|a|")) {
        CAPTURE(other);
        CHECK_FALSE(same_address("user@a", other));
    }
}

TEST_CASE("RFC 8616 4: one domain written in A-labels and in U-labels is one")
{
    CHECK(same_address("user@b\u00fccher.example", "User@xn--BCHER-kva.example."));
    CHECK_FALSE(same_address("user@b\u00fccher.example", "user@buecher.example"));
    CHECK_FALSE(same_address("b\u00fccher@a", "xn--bcher-kva@a")); // a local part has no labels
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
               "srs0+HHH=TT=example.net=jane.doe@a|SRS0-HHH=TT=example.net=jane.doe+tag@a|"
               "SRS1=HHH=b==HHH=TT=example.net=jane.doe@a|public+SRS=HHH=TT=example.net=jane.doe@a|"
               "my-box+Srs=H+H/H=TT=example.net=jane.doe@a|"
               "public+SRS=HHH=TT=b=SRS0=HHH=TT=example.net=jane.doe@a|"
               "SRS0=HHH=TT=b=public+SRS=HHH=TT=example.net=jane.doe@a|"
               "prvs=1234567890=SRS0=HHH=TT=example.net=prvs=1234567890=jane.doe@a|"
               "prvs=1234567890=jane.doe@example.net|btv1==123456==jane.doe@example.net")) {
        CAPTURE(address);
        CHECK(canonical_address(address) == "jane.doe@example.net");
    }
    CHECK(canonical_address("J.a.n.e+x@GoogleMail.com") == "jane@gmail.com");
    for (const auto& address : parts("+jane@a|srs0=short@a|root|")) {
        CAPTURE(address);
        CHECK(canonical_address(address) == address);
    }
    // Microsoft 365's form that has nobody in it
    CHECK(canonical_address("bounces+SRS=HHH=TT@example.net") == "bounces+srs=hhh=tt@example.net");
    CHECK(canonical_address("SRS0=H=T=example.net=bounces+SRS=HHH=TT@a") ==
          "bounces+srs=hhh=tt@example.net");
    CHECK(canonical_address("bounces+SRS=HHH@example.net") == "bounces@example.net");
    CHECK(canonical_address("jane+SRS@example.net") == "jane@example.net");
    CHECK(canonical_address("jane=SRS=HHH=TT=a=b@example.net") ==
          "jane=srs=hhh=tt=a=b@example.net");
}

TEST_CASE("spellings of one address are one sender, and those of two are not")
{
    const struct {
        std::string one, others;
    } table[] = {
        {"jane@example.net", "jane@example.net.|JANE@example.NET|jane@\uff45xample.net"},
        // RFC 5890 2.3.2.1
        {"jane@b\u00fccher.example",
         "jane@xn--bcher-kva.example|jane@XN--BCHER-KVA.Example|"
         "Jane@B\u00dcCHER.example|jane@bu\u0308cher.example.|"
         "jane@b\u00fccher\u3002example"},
        // RFC 6532 3.1
        {"j\u00e4ne@a", "J\u00c4NE@a|ja\u0308ne@A|j\u00e4ne+tag@a|j\u00c4ne@a."},
        {"\u0436\u0430\u043d\u043d\u0430@\u043f\u0440\u0438\u043c\u0435\u0440",
         "\u0416\u0410\u041d\u041d\u0410@\u041f\u0420\u0418\u041c\u0415\u0420"},
        // RFC 5321 4.1.3, RFC 4291 2.2
        {"jane@[IPv6:2001:db8::1]", "jane@[ipv6:2001:DB8:0:0:0:0:0:1]"},
    };
    std::string seen;
    for (const auto& row : table) {
        const std::string identity = sender_identity(row.one);
        for (const auto& other : parts(row.others)) {
            CAPTURE(other);
            CHECK(sender_identity(other) == identity);
        }
        CHECK(seen.find(identity) == std::string::npos);
        seen += identity + "|";
    }
    CHECK(sender_identity("jane@\xff") != sender_identity("jane@\xfe")); // no UTF-8
    CHECK(sender_identity("\xff@a") != sender_identity("\xfe@a"));
}

TEST_CASE("an address that a forwarder vouches for is another sender than the address itself")
{
    const auto wrapped_by = [](const char* address) { return sender_of(address).wrapped_by; };
    CHECK(wrapped_by("SRS0=HHH=TT=example.net=jane@Evil.example.") == "evil.example");
    CHECK(wrapped_by("SRS1=HHH=b==HHH=TT=example.net=jane@evil.example") == "evil.example");
    CHECK(wrapped_by("x+SRS=HHH=TT=b=SRS0=HHH=TT=example.net=jane@evil.example") == "evil.example");
    CHECK(wrapped_by("prvs=1234567890=SRS0=HHH=TT=example.net=jane@evil.example") ==
          "evil.example");
    CHECK(wrapped_by("bounces+SRS=HHH=TT@evil.example") == "evil.example");
    // A domain may say what it likes of its own people.
    for (const auto& own :
         parts("jane@example.net|prvs=1234567890=jane@example.net|btv1==123456==jane@example.net|"
               "SRS0=HHH=TT=example.net=jane@example.NET|jane+tag@example.net")) {
        CAPTURE(own);
        CHECK(sender_of(own).wrapped_by == "");
        CHECK(sender_identity(own) == "jane@example.net");
    }
    const auto forwarded = [](const std::string& domain) {
        return sender_identity("SRS0=HHH=TT=example.net=jane@" + domain);
    };
    CHECK(forwarded("evil.example") != sender_identity("jane@example.net"));
    CHECK(forwarded("evil.example") != forwarded("good.example"));
    CHECK(forwarded("evil.example") == sender_identity("a+SRS=H=T=example.net=Jane@evil.example"));
    CHECK(sender_identity("jane@example.netevil.example") != forwarded("evil.example"));
}
