#include "record.hh"

#include "helpers.hh"
#include "temporary_directory.hh"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace {

const auto soon = [] { return Clock::now() + 20ms; };

std::string identity(const std::string& bytes, const std::vector<Header::Field>& fields = {})
{
    Header header;
    header.fields = fields;
    return mail_identity(bytes, header);
}

} // namespace

TEST_CASE("a mail's stage is kept until it comes again, for that sender and identity only")
{
    const TemporaryDirectory directory;
    const State state(directory.path);
    const auto stage_of = [&](const char* sender, const char* id) {
        return Record(state, sender, id, soon()).stage();
    };
    CHECK(stage_of("a@example.net", "<1@a>") == Stage::fresh);
    for (const Stage stage :
         {Stage::asked, Stage::sending, Stage::done, Stage::asked, Stage::fresh, Stage::done}) {
        Record(state, "a@example.net", "<1@a>", soon()).set(stage);
        CHECK(stage_of("a@example.net", "<1@a>") == stage);
        CHECK(stage_of("b@example.net", "<1@a>") == Stage::fresh);
        CHECK(stage_of("a@example.net", "<2@a>") == Stage::fresh);
    }
    CHECK(stage_of("a@example.net<1@a>", "") == Stage::fresh);
}

TEST_CASE("a second delivery of a mail waits while the first is held")
{
    const TemporaryDirectory directory;
    const State state(directory.path);
    Record first(state, "a@example.net", "<1@a>", soon());
    first.set(Stage::asked);
    CHECK(first.stage() == Stage::asked);
    CHECK(failure_of([&] {
              Record(state, "a@example.net", "<1@a>", soon());
          }).starts_with("state: "));
    CHECK(failure_of([&] { Record(state, "a@example.net", "<2@a>", soon()); }) == "");
}

TEST_CASE("where no state is kept every mail is new")
{
    const State none;
    Record record(none, "a@example.net", "<1@a>", soon());
    record.set(Stage::done);
    CHECK(record.stage() == Stage::done);
    CHECK(Record(none, "a@example.net", "<1@a>", soon()).stage() == Stage::fresh);
}

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
