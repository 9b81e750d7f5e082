#include "auth.hh"
#include "helpers.hh"

#include <doctest/doctest.h>

namespace {

const std::vector<std::string> ids = {"mx.example.org", "inner.example.org"};

// What counts of a mail from user@example.net with these fields: "spf", "dkim", "dmarc", several
// with blanks between, or "".
std::string authentication(const std::vector<Header::Field>& fields,
                           const std::string& sender = "user@example.net",
                           const std::vector<std::string>& from = {"user@example.net"})
{
    Header header;
    header.fields = fields;
    header.from = from;
    const Authentication found = find_authentication(header, ids, sender);
    CHECK(found.any() == (found.spf || found.dkim || found.dmarc));
    std::string words;
    for (const auto& [counts, word] :
         {std::pair{found.spf, "spf"}, {found.dkim, "dkim"}, {found.dmarc, "dmarc"}})
        words += counts ? (words.empty() ? "" : " ") + std::string(word) : "";
    return words;
}

std::string result(const std::string& results, const std::string& sender = "user@example.net",
                   const std::vector<std::string>& from = {"user@example.net"})
{
    return authentication({{"Authentication-Results", "mx.example.org; " + results}}, sender, from);
}

std::string field(const std::string& value)
{
    return authentication({{"Authentication-Results", value}});
}

} // namespace

TEST_CASE("RFC 8601 2.7.2: SPF counts for the envelope sender's address or domain, and no other")
{
    CHECK(result("spf=pass smtp.mailfrom=user@example.net") == "spf");
    CHECK(result("spf=pass smtp.mailfrom=User@Example.NET") == "spf");
    CHECK(result("spf=pass smtp.mailfrom=<user@example.net>") == "spf");
    CHECK(result("spf=pass smtp.mailfrom=\"user@example.net\"") == "spf");
    CHECK(result("spf=pass smtp.mailfrom=example.net") == "spf");
    for (const auto& other :
         parts("other@example.net|example.com|net|mail.example.net|@example.net|"
               "user@example.net.example.com|<>"))
        CHECK_MESSAGE(result("spf=pass smtp.mailfrom=" + other) == "", other);
    CHECK(result("spf=pass smtp.helo=example.net") == "");
    CHECK(result("spf=pass") == "");
    CHECK(result("spf=pass smtp.mailfrom=") == "");
    CHECK(result("spf=pass smtp.mailfrom=", "") == "");
}

TEST_CASE("RFC 7208: SPF of a forwarder counts for the address that it made")
{
    const std::string srs = "SRS0=Ab1c=XY=example.net=user@forwarder.example";
    CHECK(result("spf=pass smtp.mailfrom=" + srs, srs) == "spf");
    CHECK(result("spf=pass smtp.mailfrom=forwarder.example", srs) == "spf");
    CHECK(result("spf=pass smtp.mailfrom=user@example.net", srs) == "");
}

TEST_CASE("only \"pass\" counts")
{
    for (const auto& word :
         parts("fail|softfail|neutral|none|permerror|temperror|policy|passed|pas|true"))
        CHECK_MESSAGE(result("spf=" + word + " smtp.mailfrom=user@example.net; dkim=" + word +
                             " header.d=example.net; dmarc=" + word) == "",
                      word);
    CHECK(result("none") == "");
    CHECK(result("spf smtp.mailfrom=user@example.net") == "");
    CHECK(result("x-spf=pass smtp.mailfrom=user@example.net; auth=pass smtp.auth=user@example.net; "
                 "iprev=pass") == "");
}

TEST_CASE("RFC 7489 3.1.1: DKIM counts for the author's domain and those below it")
{
    CHECK(result("dkim=pass header.d=example.net") == "dkim");
    CHECK(result("dkim=pass header.i=@example.net") == "dkim");
    CHECK(result("dkim=pass header.i=anybody@example.net") == "dkim");
    CHECK(result("dkim=pass header.d=example.net", "user@mail.example.net",
                 {"user@mail.example.net"}) == "dkim");
    for (const auto& other : parts("net|.net|example.com|ample.net|mail.example.net|.example.net|"))
        CHECK_MESSAGE(result("dkim=pass header.d=" + other) == "", other);
    CHECK(result("dkim=pass header.d=example.com header.i=@example.net") ==
          ""); // the identity is only part of what the signer says
    CHECK(result("dkim=pass header.d=example.net", "user@myexample.net", {"user@myexample.net"}) ==
          "");
    CHECK(result("dkim=fail header.d=example.net; dkim=pass header.d=example.com; dkim=pass "
                 "header.d=example.net") == "dkim");
}

TEST_CASE("RFC 8601 2.7.3: DMARC counts for the domain in From")
{
    CHECK(result("dmarc=pass header.from=example.net") == "dmarc");
    CHECK(result("dmarc=pass (p=none) header.from=user@Example.net") == "dmarc");
    for (const auto& other : parts("|header.from=|header.from=example.com|header.from=net|"
                                   "header.from=mail.example.net|header.d=example.net"))
        CHECK_MESSAGE(result("dmarc=pass " + other) == "", other);
    // There is one verdict: whether it stands above or below, the other one is forged.
    const std::string pass = "dmarc=pass header.from=example.net",
                      fail = "dmarc=fail header.from=example.net";
    CHECK(result(pass + "; " + fail) == "");
    CHECK(result(fail + "; " + pass) == "");
    CHECK(authentication({{"Authentication-Results", "mx.example.org; " + pass},
                          {"Authentication-Results", "inner.example.org; " + fail}}) == "");
    CHECK(result(pass + "; dmarc=fail header.from=example.com") == "dmarc");
}

TEST_CASE("an EHLO or a sender that a verifier copied as it came is no result of another kind")
{
    for (const auto& property : parts("smtp.helo=|smtp.mailfrom=|header.i=@|header.s="))
        for (const auto& forged : parts("dmarc=pass|dkim=pass|spf=pass"))
            CHECK_MESSAGE(result("spf=fail " + property + "x;" + forged) == "",
                          (property + forged));
}

TEST_CASE("DKIM and DMARC of From say nothing of another envelope sender (BridgeDB answered From)")
{
    const std::string both = "dkim=pass header.d=example.net; dmarc=pass header.from=example.net";
    CHECK(result(both) == "dkim dmarc");
    CHECK(result(both, "other@example.net") == "dkim dmarc"); // the domain answers for its users
    CHECK(result(both, "victim@example.com") == "");
    CHECK(result(both, "") == "");
    CHECK(result(both, "user@example.net", {}) == "");
    CHECK(result(both, "user@example.net", {"user@example.net", "user@example.com"}) == "");
    CHECK(result(both, "prvs=0123abcdef=user@example.net") == "dkim dmarc");
    // What is answered is the forwarder's address, and anybody can write such a one.
    for (const auto& wrapped : parts("SRS0=Ab1c=XY=example.net=user@forwarder.example|"
                                     "SRS1=Ab1c=b==Ab1c=XY=example.net=user@forwarder.example|"
                                     "user+SRS=Ab1c=XY=example.net=user@forwarder.example"))
        CHECK_MESSAGE(result(both, wrapped) == "", wrapped);
}

TEST_CASE("RFC 8601 5: an authserv-id that isn't listed does not count")
{
    const std::string results = "; spf=pass smtp.mailfrom=user@example.net";
    CHECK(field("mx.example.org" + results) == "spf");
    CHECK(field("MX.EXAMPLE.ORG" + results) == "spf");
    CHECK(field("inner.example.org" + results) == "spf");
    CHECK(field("\"mx.example.org\"" + results) == "spf");
    for (const auto& other :
         parts("mx.example.com|example.org|mx.example.org.example.com|xmx.example.org||"
               "(mx.example.org)|x mx.example.org|1 mx.example.org"))
        CHECK_MESSAGE(field(other + results) == "", other);
    CHECK(field("spf=pass smtp.mailfrom=user@example.net") == "");
    CHECK(field("") == "");
    CHECK(field(";;;") == "");
}

TEST_CASE("RFC 8601 2.2: versions, blanks, case, comments and quoted strings are read")
{
    CHECK(field("mx.example.org 1; dkim/1=pass header.d=example.net") == "dkim");
    CHECK(field("mx.example.org 1; dkim / 1 = pass header.d = example.net") == "dkim");
    CHECK(field("mx.example.org;dkim=pass header.d=example.net;") == "dkim");
    CHECK(field("mx.example.org; DKIM=PASS Header.D=EXAMPLE.NET") == "dkim");
    CHECK(field("(a;b) mx.example.org (c) 1 (d); (e) dkim (f) = (g) pass (h) header.d (i) = (j) "
                "example.net (k)") == "dkim");
    CHECK(field("mx.example.org; dkim=pass(2048-bit key)header.d=example.net") == "dkim");
    CHECK(field("mx.example.org; dkim=\"pass\" reason=\"it; is (good\" header.d=\"example.net\"") ==
          "dkim");
    CHECK(field("mx.example.org;\tdkim=pass\theader.d=example.net") == "dkim");
}

TEST_CASE("what stands in a comment or a quoted string is no result")
{
    const std::string good = "dmarc=pass header.from=example.net";
    CHECK(result("spf=fail (x; " + good + ")") == "");
    CHECK(result("spf=fail (x (y) ; " + good + ")") == "");
    CHECK(result("spf=fail (x \\) ; " + good + ")") == "");
    CHECK(result("spf=fail (x ; " + good) == "");
    CHECK(result("spf=fail reason=\"x; " + good + "\"") == "");
    CHECK(result("spf=fail reason=\"x\\\"; " + good + "\"") == "");
    CHECK(result("spf=fail reason=\"x; " + good) == "");
    CHECK(result("spf=fail reason=\"dmarc=pass\" " + good) == "");
    CHECK(result("spf=fail (\")\") ; " + good + " (\")") ==
          ""); // a quote means nothing in a comment, but outside it opens a string
    CHECK(result("spf=fail (\") ; " + good + " (\")") == "dmarc");
    CHECK(result("spf=fail (\\") == "");
    CHECK(result("spf=fail reason=\"\\") == "");
}

TEST_CASE("the fields of rspamd, OpenDKIM, OpenDMARC, policyd-spf and Gmail are read")
{
    CHECK(result("dkim=pass header.d=example.net header.s=s1 header.b=Ab/1+x=; spf=pass "
                 "(mx.example.org: domain of user@example.net designates "
                 "192.0.2.25 as permitted sender) smtp.mailfrom=user@example.net; dmarc=pass "
                 "(policy=reject) header.from=example.net") == "spf dkim dmarc");
    CHECK(result("dkim=pass (2048-bit key; unprotected) header.d=example.net header.i=@example.net "
                 "header.a=rsa-sha256 header.s=s1 header.b=abc; "
                 "dkim-atps=neutral") == "dkim");
    CHECK(result("dmarc=pass (p=none dis=none) header.from=example.net") == "dmarc");
    CHECK(
        result("spf=pass (sender SPF authorized) smtp.mailfrom=example.net (client-ip=192.0.2.25; "
               "helo=mail.example.net; "
               "envelope-from=user@example.net; receiver=snowflake@example.org)") == "spf");
    CHECK(
        result("dkim=pass header.i=@example.net header.s=20230601 header.b=abc; spf=pass "
               "(mx.example.org: domain of user@example.net designates "
               "192.0.2.25 as permitted sender) smtp.mailfrom=user@example.net; dmarc=pass (p=NONE "
               "sp=NONE dis=NONE) header.from=example.net") == "spf dkim dmarc");
}

TEST_CASE("what rspamd, OpenDKIM, OpenDMARC and policyd-spf wrote of real mails is read")
{
    const auto fields = [](const std::vector<std::string>& values) {
        std::vector<Header::Field> all;
        for (const auto& value : values)
            all.push_back({"Authentication-Results", "mx.example.org; " + value});
        return authentication(all);
    };
    // rspamd 3.4 and 3.12
    CHECK(result("dkim=none; dmarc=pass (policy=none) header.from=example.net; spf=pass "
                 "(mx.example.org: domain of user@example.net designates 192.0.2.25 as permitted "
                 "sender) smtp.mailfrom=user@example.net") == "spf dmarc");
    CHECK(result("dkim=pass header.d=example.net header.s=s1 header.b=\"G/01Bs+U\"; dmarc=pass "
                 "(policy=none) header.from=example.net; spf=softfail (mx.example.org: 192.0.2.66 "
                 "is neither permitted nor denied by domain of user@example.net) "
                 "smtp.mailfrom=user@example.net") == "dkim dmarc");
    CHECK(result("dkim=pass header.d=example.com header.s=s1 header.b=f1Ax; dmarc=fail "
                 "reason=\"No valid SPF, DKIM not aligned (relaxed)\" header.from=example.net "
                 "(policy=none); spf=none (mx.example.org: domain of user@example.net has no SPF "
                 "policy when checking 192.0.2.66) smtp.mailfrom=user@example.net") == "");
    CHECK(result("dkim=temperror (\"DNS error when getting key\") header.d=example.net header.s=s1 "
                 "header.b=ggbrZ8LE; dmarc=none; spf=temperror (mx.example.org: error in "
                 "processing during lookup of user@example.net: DNS error) "
                 "smtp.mailfrom=user@example.net") == "");
    CHECK(result("dkim=none; spf=pass (mx.example.org: domain of example.net designates 192.0.2.66 "
                 "as permitted sender) smtp.helo=example.net; arc=pass (\"a.example:s=1:i=1\"); "
                 "dmarc=none") == "");
    // OpenDKIM 2.11 and OpenDMARC 1.4
    const std::string opendkim =
        "dkim=pass (2048-bit key; unprotected) header.d=example.net header.i=@example.net "
        "header.a=rsa-sha256 header.s=s1 header.b=JBEbuOjS; dkim-atps=neutral";
    CHECK(fields({"dmarc=pass (p=none dis=none) header.from=example.net",
                  "spf=pass smtp.mailfrom=example.net", opendkim}) == "spf dkim dmarc");
    CHECK(fields({"dmarc=pass (p=none dis=none) header.from=example.net",
                  "spf=fail smtp.mailfrom=example.net", opendkim}) == "dkim dmarc");
    CHECK(fields({"dmarc=none (p=none dis=none) header.from=example.net",
                  "spf=none smtp.mailfrom=example.net", "dkim=none; dkim-atps=neutral"}) == "");
    CHECK(fields({"dmarc=fail (p=none dis=none) header.from=example.net",
                  "spf=pass smtp.helo=example.net",
                  "dkim=permerror header.d=example.net header.i=@example.net header.a=rsa-sha1 "
                  "header.s=s1 header.b=isSiFfaB; dkim-atps=neutral"}) == "");
    // policyd-spf 3.0 and 3.1
    const std::string client =
        " (client-ip=192.0.2.25; helo=mail.example.net; "
        "envelope-from=user@example.net; receiver=example.org)";
    CHECK(result("spf=pass (sender SPF authorized) smtp.mailfrom=example.net" + client) == "spf");
    CHECK(result("spf=softfail (domain owner discourages use of this host) "
                 "smtp.mailfrom=example.net" +
                 client) == "");
    CHECK(result("spf=pass (sender SPF authorized) smtp.helo=example.net" + client) == "");
    CHECK(result("none (SPF check N/A for local connections - " + client + ")") == "");
}

TEST_CASE(
    "RFC 6376 3.5: a signature with an encoded identity may have forged the field of OpenDKIM")
{
    const auto signed_by = [](const std::string& signature) {
        return authentication(
            {{"Authentication-Results",
              "mx.example.org; dkim=pass (2048-bit key) "
              "header.d=esp.example header.i=x; dkim=pass "
              "header.d=example.net; dkim=fail header.i=@esp.example"},
             {"Received", "from a by mx.example.org"},
             {"dkim-signature", "v=1; a=rsa-sha256; c=relaxed/simple; " + signature}});
    };
    for (const auto& encoded : {"i=x=3B=20dkim@esp.example; b=ab=", "d=a; i=x=3b", "d=a ; I = x=3B",
                                "d=a; i =x =3B@esp.example; b=", "i=x@esp.example; i=y=3B"})
        CHECK_MESSAGE(signed_by(encoded) == "", encoded);
    for (const auto& plain : {"i=x@esp.example; b=ab==", "d=a;i=@a; h=i=x=3B", "d=a; b=i=", "i"})
        CHECK_MESSAGE(signed_by(plain) == "dkim", plain);
}

TEST_CASE("RFC 8601 5: only fields above the first Received that isn't ours count")
{
    const Header::Field results = {"authentication-results",
                                   "mx.example.org; spf=pass smtp.mailfrom=user@example.net"};
    const auto below = [&](const std::string& received) {
        return authentication({{"Received", received}, results});
    };
    CHECK(authentication({results, {"Received", "from a by b"}}) == "spf");
    CHECK(authentication({{"X-Spam", "no"},
                          {"Authentication-Results", "mx.example.com; spf=fail"},
                          results}) == "spf");
    for (const auto& ours : parts(
             "from a by mx.example.org with ESMTP; date|from a (b [192.0.2.1])\tby MX.example.org "
             "(Postfix)|by inner.example.org; date|by mx.example.org;date|"
             "from (by b) a BY mx.example.org|from a by (b) mx.example.org"))
        CHECK_MESSAGE(below(ours) == "spf", ours);
    for (const auto& foreign : parts(
             "from a by b|from mx.example.org by b|from a (by mx.example.org) by b|from a (\\) by "
             "mx.example.org) by b|(qmail 1 invoked by uid 0)|from a by|"
             "from by by mx.example.org|by mx.example.org.example.com|nothing|"))
        CHECK_MESSAGE(below(foreign) == "", foreign);
    CHECK(authentication({{"Received", "from mx.example.org by inner.example.org"},
                          {"Received", "from a by mx.example.org"},
                          results}) == "spf");
    CHECK(authentication({{"Received", "from mx.example.org by inner.example.org"},
                          {"Received", "from a by b"},
                          results}) == "");
}

TEST_CASE(
    "RFC 8601 5: of our fields those of the topmost block count, with no Received between them")
{
    const auto ours_of = [](const std::string& results) {
        return Header::Field{"Authentication-Results", "mx.example.org; " + results};
    };
    const Header::Field spf = ours_of("spf=pass smtp.mailfrom=user@example.net"),
                        dkim = ours_of("dkim=pass header.d=example.net"), none = ours_of("none"),
                        ours = {"Received", "from a by mx.example.org"},
                        inner = {"Received", "from mx.example.org by inner.example.org"},
                        foreign = {"Authentication-Results", "mx.example.com; spf=fail"},
                        other = {"X-Spam", "no"};
    CHECK(authentication({spf, other, foreign, dkim, ours}) == "spf dkim");
    CHECK(authentication({ours, spf, other, foreign, dkim}) == "spf dkim");
    CHECK(authentication({inner, ours, spf, dkim, ours}) == "spf dkim");
    CHECK(authentication({inner, foreign, ours, spf, dkim}) == "spf dkim");
    CHECK(authentication({spf, ours, dkim}) == "spf");
    CHECK(authentication({ours, spf, ours, dkim}) == "spf");
    CHECK(authentication({spf, inner, ours, dkim}) == "spf");
    CHECK(authentication({none, ours, spf, dkim}) == "");
}

TEST_CASE("RFC 8616 4: domains in A-labels and in U-labels are the same domains")
{
    const std::string u_label = "user@b\u00fccher.example", a_label = "user@xn--bcher-kva.example";
    for (const auto& domain :
         parts("b\u00fccher.example|xn--bcher-kva.example|XN--BCHER-kva.example.")) {
        CAPTURE(domain);
        for (const auto& address : {u_label, a_label}) {
            const auto count = [&](const std::string& results) {
                return result(results, address, {address == u_label ? a_label : u_label});
            };
            CHECK(count("spf=pass smtp.mailfrom=User@" + domain) == "spf");
            CHECK(count("spf=pass smtp.mailfrom=" + domain) == "spf");
            CHECK(count("dkim=pass header.d=" + domain) == "dkim");
            CHECK(count("dkim=pass header.i=@" + domain) == "dkim");
            CHECK(count("dmarc=pass header.from=" + domain) == "dmarc");
            CHECK(count("dmarc=pass header.from=b\u00fccher.example; dmarc=fail header.from=" +
                        domain) == "");
        }
    }
    CHECK(result("dkim=pass header.d=xn--bcher-kva.example", "user@mail.b\u00fccher.example",
                 {"user@mail.b\u00fccher.example"}) == "dkim");
    // Whoever has one of these domains says nothing of the other.
    const std::string both =
        "dkim=pass header.d=stra\u00dfe.example; dmarc=pass "
        "header.from=stra\u00dfe.example; spf=pass smtp.mailfrom=stra\u00dfe.example";
    CHECK(result(both, "user@strasse.example", {"user@strasse.example"}) == "");
    CHECK(result(both, "user@strasse.example", {"user@stra\u00dfe.example"}) == "");
    CHECK(result(both, "user@xn--strae-oqa.example", {"user@xn--strae-oqa.example"}) ==
          "spf dkim dmarc");
    CHECK(result("spf=pass smtp.mailfrom=b\u00fccher@a", "xn--bcher-kva@a") == "");
}

TEST_CASE("RFC 8601 2.2: fields of one block with a signature each count together")
{
    const auto signatures = [](const std::vector<std::string>& results) {
        std::vector<Header::Field> fields;
        for (const auto& each : results)
            fields.push_back({"Authentication-Results", "mx.example.org (amavisd-new); " + each});
        return authentication(fields);
    };
    const std::string ours = "dkim=pass (2048-bit key) header.d=example.net",
                      other = "dkim=pass (2048-bit key) header.d=esp.example";
    CHECK(signatures({other, ours}) == "dkim");
    CHECK(signatures({ours, other}) == "dkim");
    CHECK(signatures({other, other, "dkim=pass header.i=@example.net"}) == "dkim");
    CHECK(signatures({"dkim=fail header.d=esp.example", ours}) == "dkim");
    CHECK(signatures({"dkim=neutral header.i=@esp.example", "spf=fail", ours}) == "dkim");
    CHECK(signatures({"dkim=fail header.d=example.net header.s=a", ours + " header.s=b"}) ==
          "dkim");
    CHECK(signatures({"dkim=fail header.d=example.net header.b=a", ours + " header.b=b"}) ==
          "dkim");
    CHECK(signatures({"dkim=fail header.d=example.net; " + ours}) == "dkim");
    // Of the same signature, or of what can't be told from it, the topmost counts.
    for (const auto& selector : parts("| header.s=a| header.b=a")) {
        CHECK(signatures({"dkim=fail header.d=example.net", ours + selector}) == "");
        CHECK(signatures({"dkim=fail header.d=example.net" + selector, ours}) == "");
        CHECK(signatures({"dkim=fail header.i=@example.net" + selector, ours + selector}) == "");
        CHECK(signatures({"dkim=fail header.d=example.net" + selector, other, ours}) == "");
    }
    CHECK(signatures({other, other}) == "");
    CHECK(signatures({other, "dkim=fail header.d=example.net"}) == "");
    // A result that names no signature is of the whole mail.
    CHECK(signatures({"dkim=none", ours}) == "");
    CHECK(signatures({"dkim=none; spf=none", other, ours}) == "");
    // So are those of the other methods.
    const std::string spf = "spf=pass smtp.mailfrom=user@example.net";
    CHECK(signatures({"spf=fail smtp.mailfrom=a@esp.example", spf}) == "");
    CHECK(signatures(
              {"dmarc=fail header.from=esp.example", "dmarc=pass header.from=example.net"}) == "");
    CHECK(authentication({{"Authentication-Results", "mx.example.org; " + other},
                          {"Received", "from a by mx.example.org"},
                          {"Authentication-Results", "mx.example.org; " + ours}}) == "");
}

TEST_CASE("RFC 8616 4: an authserv-id is a host, in A-labels or in U-labels")
{
    Header header;
    header.fields = {
        {"Received", "from a by xn--bcher-kva.example"},
        {"Authentication-Results", "xn--bcher-kva.example; spf=pass smtp.mailfrom=a@a"}};
    CHECK(find_authentication(header, {"b\u00fccher.example"}, "a@a").spf);
    CHECK_FALSE(find_authentication(header, {"bcher-kva.example"}, "a@a").spf);
}

TEST_CASE("RFC 8601 5: a field forged below one of the same host adds nothing")
{
    const auto two = [](const std::string& upper, const std::string& lower) {
        return authentication({{"Authentication-Results", "mx.example.org; " + upper},
                               {"Authentication-Results", lower}});
    };
    const std::string forged = "dkim=pass header.d=example.net",
                      good = "spf=pass smtp.mailfrom=user@example.net";
    CHECK(two("dkim=fail", "mx.example.org; " + forged) == "");
    CHECK(two("DKIM/1=none", "MX.example.org 1; " + forged) == "");
    CHECK(two(good, "mx.example.org; " + forged) ==
          "spf dkim"); // OpenDKIM and a policy service each write a field
    CHECK(two("dkim=fail", "inner.example.org; " + forged) == "dkim");
    CHECK(two("dkim=fail", "mx.example.com; " + forged) == "");
}
