#include "public_suffix.hh"

#include <doctest/doctest.h>

TEST_CASE("the organisational domain is the one below a public suffix")
{
    CHECK(organisational_domain("example.net") == "example.net");
    CHECK(organisational_domain("mail.eu.example.net") == "example.net");
    CHECK(organisational_domain("mail.example.co.uk") == "example.co.uk");
    CHECK(organisational_domain("mail.example.com.cn") == "example.com.cn");
}

TEST_CASE("a text without one stays as it is")
{
    for (const char* text : {"", "localhost", "co.uk", "[192.0.2.1]", "net"})
        CHECK(organisational_domain(text) == text);
}
