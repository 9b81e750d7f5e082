#include "domain.hh"
#include "helpers.hh"

#include <doctest/doctest.h>

TEST_CASE("RFC 5890 2.3.2.1: a domain has one name, in U-labels")
{
    for (const auto& spelling :
         parts("b\u00fccher.example|xn--bcher-kva.example|XN--bcher-KVA.EXAMPLE.")) {
        CAPTURE(spelling);
        CHECK(domain_name(spelling) == "b\u00fccher.example");
    }
    CHECK(domain_name("Example.NET.") == "example.net");
    CHECK(domain_name("xn--e1afmkfd.xn--80akhbyknj4f") ==
          "\u043f\u0440\u0438\u043c\u0435\u0440."
          "\u0438\u0441\u043f\u044b\u0442\u0430\u043d\u0438\u0435");
    CHECK(domain_name("[IPv6:2001:DB8:0::1]") == "[ipv6:2001:db8::1]");
    CHECK(domain_name("[192.0.2.1]") == "[192.0.2.1]");
    for (const auto& kept : parts("|.|a..b|[x]|[192.0.2]|\xff\xfe")) {
        CAPTURE(kept);
        CHECK(domain_name(kept) == (kept == "." ? "" : kept));
    }
}

TEST_CASE("RFC 5894 7.2: two domains that older software took for one are two")
{
    CHECK(domain_name("xn--strae-oqa.example") == "stra\u00dfe.example");
    CHECK(domain_name("stra\u00dfe.example") != domain_name("strasse.example"));
}

TEST_CASE("a label that stands for no U-label stays as it is")
{
    // In this order: no Punycode, nothing, only ASCII, a capital, full width, an ideographic full
    // stop, an accent apart, a capital beyond ASCII, full width.
    for (const auto& label :
         parts("xn--\u00fc|xn--|xn--abc-|xn--b-5da|xn--xample-hy68a|xn--ab-r13a|"
               "xn--bucher-xyd|b\u00dccher|\uff45xample")) {
        CAPTURE(label);
        CHECK(domain_name(label) == label);
        CHECK(domain_name("a." + label + ".example") == "a." + label + ".example");
    }
}

TEST_CASE("a folded domain has no case and no width")
{
    for (const auto& spelling :
         parts("b\u00fccher.example|B\u00dcCHER.Example.|bu\u0308cher.example|"
               "xn--bcher-kva\uff0eexample|\uff42\u00fccher\u3002example")) {
        CAPTURE(spelling);
        CHECK(folded_domain(spelling) == "b\u00fccher.example");
    }
    CHECK(folded_domain("") == "");
    CHECK(folded_domain("A.\xff") == "a.\xff");
}

TEST_CASE("an address's domain is what is behind its last @")
{
    CHECK(domain_part("a@b@c") == "c");
    for (const auto& none : parts("|a|a@"))
        CHECK_MESSAGE(domain_part(none) == "", none);
}
