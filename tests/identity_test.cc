#include "identity.hh"

#include "helpers.hh"

#include <doctest/doctest.h>

namespace {

std::string identity(const std::string& bytes, const std::vector<Header::Field>& fields = {})
{
    Header header;
    header.fields = fields;
    return mail_identity(bytes, header);
}

} // namespace

TEST_CASE("RFC 5322 3.6.4: a mail is known by its Message-ID")
{
    CHECK(identity("one", {{"message-id", "<1@a>"}}) ==
          identity("two", {{"Subject", "x"}, {"Message-ID", "<1@a>"}}));
    CHECK(identity("one", {{"Message-ID", "<1@a>"}}) != identity("one", {{"Message-ID", "<2@a>"}}));
}

TEST_CASE("without a Message-ID a mail is known by all that was there before it was delivered")
{
    const std::string received = "Received: from a by b\nFrom: a@example.net\n\n",
                      mail = received + "text\n";
    CHECK(identity(mail) == identity("Delivery-Date: 1\n" + mail));
    CHECK(identity("From a Mon\nDelivery-Date: 1\n" + mail) ==
          identity("From a Tue\nDelivery-Date: 2\n" + mail));
    CHECK(identity(mail) == identity(mail, {{"Message-ID", ""}}));
    CHECK(identity(mail) != identity(received + "another text\n"));
    CHECK(identity(mail) != identity("received: from c by b\n" + mail));
    CHECK(identity("From a Mon\nSubject: x\n\ntext") == identity("From a Tue\nSubject: x\n\ntext"));
    CHECK(identity("Subject: x\n\ntext") != identity("Subject: y\n\ntext"));
}

TEST_CASE("a Received in the body is no field, with LF or CRLF")
{
    for (const std::string end : {"\n", "\r\n"}) {
        const std::string body = end + "Received: x" + end;
        CHECK(identity("Subject: 1" + end + body) != identity("Subject: 2" + end + body));
    }
    CHECK(identity("") == "");
    CHECK(identity("From a Mon") == "");
    CHECK(identity("Rec") == "Rec");
}

TEST_CASE("a Message-ID that names nothing is no identity: mails with it are known by their text")
{
    const auto same = [](const std::string& id) {
        const std::vector<Header::Field> fields = {{"Message-ID", id}};
        return identity("Subject: 1\n\n", fields) == identity("Subject: 2\n\n", fields);
    };
    CHECK(same("<1@a>"));
    for (const auto& nothing :
         parts("|<>|< >|<(null)>|(null)|<null>|NULL|nil|<none>|<undefined>|<@>|<@a>|<1@>|<(1)@a>|"
               "<null@localhost>|<.@a>|<-_-@a>|<Undefined@a>| \t |(1@a)|<1>|\"|>1@|<<>>|<")) {
        CAPTURE(nothing);
        CHECK_FALSE(same(nothing));
    }
    CHECK(identity("Subject: 1\n\n", {{"Message-ID", "<>"}, {"Message-ID", "<1@a>"}}) == "1@a");
}

TEST_CASE("RFC 5322 3.6.4: comments and blanks around a Message-ID make no other of it")
{
    for (const auto& id : parts("<1@a>|<1@a> (added by a relay)|(x <2@b>) <1@a>| < 1@a > |1@a|"
                                "<1@ a>|<1@a>, <2@b>|<1@a")) {
        CAPTURE(id);
        CHECK(identity("", {{"Message-ID", id}}) == "1@a");
    }
    CHECK(identity("", {{"Message-ID", "<A@a>"}}) != identity("", {{"Message-ID", "<a@a>"}}));
    CHECK(identity("", {{"Message-ID", "<nullable@a>"}}) == "nullable@a");
    CHECK(identity("", {{"Message-ID", "<\"(1)\"@a>"}}) == "\"(1)\"@a");
}
