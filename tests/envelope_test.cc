#include "envelope.hh"
#include "helpers.hh"

#include <doctest/doctest.h>
#include <map>

namespace {

struct Given {
    std::map<std::string, std::string> variables = {};
    std::vector<Header::Field> fields = {};
    std::string mbox_sender = {};
    Options options = {};

    const char* variable(const char* name) const
    {
        const auto found = variables.find(name);
        return found == variables.end() ? nullptr : found->second.c_str();
    }
    Envelope envelope() const
    {
        Header header;
        header.fields = fields;
        header.mbox_sender = mbox_sender;
        return find_envelope(
            options, [&](const char* name) { return variable(name); }, header);
    }
    bool is_from_null_sender() const
    {
        return ::is_from_null_sender(options, [&](const char* name) { return variable(name); });
    }
    std::string sender() const { return envelope().sender; }
    std::string recipient() const { return envelope().recipient; }
};

} // namespace

TEST_CASE("each source of the envelope sender goes before the next")
{
    Given given = {
        {{"RPLINE", "Return-Path: <rpline@a>\n"},
         {"SENDER", "sender@a"},
         {"FROM", "from@a"},
         {"MAILFILTER", ".mailfilter"}},
        {{"Return-Path", "<path@a>"}, {"From", "x@a"}, {"Sender", "x@a"}, {"Reply-To", "x@a"}},
        "mbox@a"};
    given.options.sender = "<option@a>";
    CHECK(given.sender() == "option@a");
    given.options.sender.reset();
    CHECK(given.sender() == "rpline@a");
    given.variables.erase("RPLINE");
    CHECK(given.sender() == "sender@a");
    given.variables.erase("SENDER");
    CHECK(given.sender() == "from@a");
    given.variables.erase("MAILFILTER"); // FROM is a common name; only maildrop's is the envelope
    CHECK(given.sender() == "path@a");
    given.fields.erase(given.fields.begin());
    CHECK(given.sender() == "mbox@a");
    given.mbox_sender = "";
    CHECK(given.sender() == ""); // RFC 3834 4: never From, Sender or Reply-To
}

TEST_CASE("RFC 5321 4.5.5: where one source has the null sender the next ones are not asked")
{
    for (const auto& null : parts("|<>|MAILER-DAEMON")) {
        CAPTURE(null);
        Given given = {{{"SENDER", "user@a"}}};
        given.options.sender = null;
        CHECK(given.sender() == "");
        CHECK(Given{{{"RPLINE", "Return-Path: " + null + "\n"}, {"SENDER", "user@a"}}}.sender() ==
              "");
        CHECK(Given{{{"SENDER", null}}, {{"Return-Path", "<user@a>"}}}.sender() == "");
        CHECK(
            Given{{{"FROM", null}, {"MAILFILTER", "m"}}, {{"Return-Path", "<user@a>"}}}.sender() ==
            "");
        CHECK(Given{{}, {{"Return-Path", null}}, "user@a"}.sender() == "");
    }
}

TEST_CASE("the null sender is known without the header where the mail system names one")
{
    for (const auto& null : parts("|<>|MAILER-DAEMON|unknown")) {
        CAPTURE(null);
        Given given = {{{"SENDER", "user@a"}}, {{"Return-Path", "<user@a>"}}};
        given.options.sender = null;
        CHECK(given.is_from_null_sender());
        CHECK(Given{{{"RPLINE", "Return-Path: " + null + "\n"}}}.is_from_null_sender());
        CHECK(Given{{{"SENDER", null}}, {{"Return-Path", "<user@a>"}}}.is_from_null_sender());
        CHECK(Given{{{"FROM", null}, {"MAILFILTER", "m"}}}.is_from_null_sender());
        CHECK(!Given{{{"FROM", null}}, {{"Return-Path", null}}, null}.is_from_null_sender());
        CHECK(!Given{{{"SENDER", "user@a"}}, {{"Return-Path", null}}}.is_from_null_sender());
    }
    CHECK(!Given{{}, {}, "user@a"}.is_from_null_sender());
}

TEST_CASE("RFC 5322 3.6.7: comments may stand around the address in Return-Path")
{
    for (const auto& path :
         parts("<user@a> (added by postmaster@b)|(a <b@c> (d)) <user@a>|(\\)) <user@a> (x|"
               "<user@a(comment)>|user@a (User)")) {
        CAPTURE(path);
        CHECK(Given{{}, {{"Return-Path", path}}}.sender() == "user@a");
        CHECK(Given{{{"RPLINE", "Return-Path: " + path + "\n"}}}.sender() == "user@a");
        CHECK(Given{{{"SENDER", "us_r@a"}}, {{"Return-Path", "<us'r@a> (x)"}}}.sender() ==
              "us'r@a");
    }
    CHECK(Given{{}, {{"Return-Path", "(x) <> (y)"}}, "user@a"}.sender() == "");
    CHECK(Given{{}, {{"Return-Path", "(<user@a>)"}}, "user@a"}.sender() == "");
    CHECK(Given{{}, {{"Return-Path", "<\"(user)\"@a>"}}}.sender() == "\"(user)\"@a");
}

TEST_CASE("what programs write where there is no sender is nobody's address")
{
    for (const auto& nobody : parts("unknown|UNKNOWN|-|???@???|foo@bar|nobody|<unknown>| - ")) {
        CAPTURE(nobody);
        CHECK(Given{{}, {}, nobody}.sender() == "");
        CHECK(Given{{}, {{"Return-Path", nobody}}, "user@a"}.sender() == "");
        CHECK(Given{{{"SENDER", nobody}}, {{"Return-Path", "<user@a>"}}}.sender() == "");
        Given given;
        given.options.sender = nobody;
        CHECK(given.sender() == "");
    }
    for (const auto& somebody :
         parts("unknown@a|nobody@a|-@a|-n@a|foo@bar.example|foo@barn|???@a|a@???|root")) {
        CAPTURE(somebody);
        CHECK(Given{{}, {}, somebody}.sender() == somebody);
    }
}

TEST_CASE(
    "Postfix and OpenSMTPD mask an apostrophe: Return-Path and X-Original-To tell whom it means")
{
    const auto sender = [](const std::string& variable, const std::string& path) {
        return Given{{{"SENDER", variable}}, {{"Return-Path", path}}}.sender();
    };
    CHECK(sender("o_brien@a", "<o'brien@a>") == "o'brien@a");
    CHECK(sender("m__ller@a", "<müller@a>") == "müller@a");
    for (const auto& forged : parts("<obrien@a>|<o'brien@b>|<o'briens@a>|<O'brien@a>|<>")) {
        CAPTURE(forged);
        CHECK(sender("o_brien@a", forged) == "o_brien@a");
    }
    CHECK(sender("user@a", "<us'r@a>") == "user@a");
    CHECK(sender("o:br:en-x@a", "<o'br*en-x@a>") == "o'br*en-x@a"); // OpenSMTPD 7.9
    for (const auto& forged : parts("<obrien@a>|<o'brien@b>|<o-brien@a>|<o_brien@a>|<>")) {
        CAPTURE(forged);
        CHECK(sender("o:brien@a", forged) == "o:brien@a");
    }
    CHECK(Given{{{"SENDER", "o_brien@a"}}, {{"Received", "x"}, {"Return-Path", "<o'brien@a>"}}}
              .sender() == "o_brien@a");
    CHECK(Given{{{"ORIGINAL_RECIPIENT", "s_f@a"}}, {{"X-Original-To", "s'f@a"}}}.recipient() ==
          "s'f@a");
}

TEST_CASE("each source of the service address goes before the next, and an empty variable is none")
{
    Given given = {{{"ORIGINAL_RECIPIENT", "a@a"}, {"ORIG_RECIPIENT", "b@a"}, {"RECIPIENT", "c@a"}},
                   {{"Delivered-To", "<f@a>"}, {"Envelope-To", "<e@a>"}, {"X-Original-To", "d@a"}}};
    given.options.recipient = "<option@a>";
    CHECK(given.recipient() == "option@a");
    given.options.recipient.reset();
    CHECK(given.recipient() == "a@a");
    given.variables["ORIGINAL_RECIPIENT"] = "";
    CHECK(given.recipient() == "b@a");
    given.variables.erase("ORIG_RECIPIENT");
    CHECK(given.recipient() == "c@a");
    given.variables.clear();
    for (const auto& expected : parts("d@a|e@a|f@a")) {
        CHECK(given.recipient() == expected);
        given.fields.pop_back();
    }
    given.fields = {{"Received", "x"}, {"Delivered-To", "f@a"}, {"To", "g@a"}};
    CHECK(given.recipient() == "");
}
