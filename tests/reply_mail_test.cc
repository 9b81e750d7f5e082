#include "address.hh"
#include "helpers.hh"
#include "message.hh"
#include "reply_mail.hh"

#include <algorithm>
#include <doctest/doctest.h>
#include <random>
#include <set>

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::sys_seconds received{1795420800s}; // Mon, 23 Nov 2026 08:00:00 +0000
const std::string json = R"({"answer":"{\"type\":\"answer\",\"sdp\":\"v=0\\r\\na=b\\r\\n\"}"})";

// What is answered; each test changes what it is about.
struct Case {
    Reply reply = Answer{json, received};
    std::string text = json + "\n";
    std::vector<Header::Field> request = {};
    Settings::Reply settings = {};
    Envelope envelope = {"user@example.net", "snowflake@example.org"};

    std::string mail() const
    {
        Header header;
        header.fields = request;
        return write_reply_mail(reply, text, service_address(envelope, settings), envelope.sender,
                                header, settings.subject, received + 1s);
    }
};

// The header's lines, unfolded.
std::vector<std::string> fields(const std::string& mail)
{
    std::vector<std::string> found;
    std::istringstream lines(mail.substr(0, mail.find("\n\n")));
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with(' ') || line.starts_with('\t'))
            found.back() += ' ' + line.substr(1);
        else
            found.push_back(line);
    return found;
}

// The value of the one field of that name; "": there is none. Case counts, since we write it.
std::string value(const std::string& mail, const std::string& name)
{
    std::string found;
    for (const std::string& field : fields(mail))
        if (field.starts_with(name + ": "))
            found += (found.empty() ? "" : " and another: ") + field.substr(name.size() + 2);
    return found;
}

// RFC 2045 6.7
std::string body(const std::string& mail)
{
    const std::string encoded = mail.substr(mail.find("\n\n") + 2);
    std::string text;
    for (std::size_t i = 0; i < encoded.size(); ++i)
        if (encoded[i] != '=')
            text += encoded[i];
        else if (encoded[++i] != '\n')
            text += static_cast<char>(std::stoi(encoded.substr(i++, 2), nullptr, 16));
    return text;
}

std::string id(std::size_t size, char letter = 'a')
{
    return "<" + std::string(size - 4, letter) + "@a>";
}

} // namespace

TEST_CASE(
    "RFC 3834 3, 4: a reply goes from the service address to the envelope sender, says that it is "
    "automatic, and echoes nothing")
{
    const Case c{.request = {{"From", "x@a"},
                             {"Reply-To", "x@b"},
                             {"Subject", "x"},
                             {"Message-ID", "<1@a>"},
                             {"Cc", "x@c"},
                             {"Precedence", "x"}}};
    const std::string reply = c.mail();
    CHECK(value(reply, "Message-Id").ends_with("@example.org>"));
    CHECK(value(reply, "Message-Id") != value(c.mail(), "Message-Id"));
    std::set<std::string> others;
    CHECK(value(reply, "Content-Type").starts_with("text/plain; charset="));
    for (const std::string& field : fields(reply))
        if (!field.starts_with("Message-Id: ") && !field.starts_with("Content-Type: "))
            CHECK(others.insert(field).second);
    CHECK(others ==
          std::set<std::string>{"From: snowflake@example.org", "To: user@example.net",
                                "Subject: Automatic reply", "Date: Mon, 23 Nov 2026 08:00:01 +0000",
                                // RFC 4021 2.1.50: 20 s after the broker's response
                                "Expires: Mon, 23 Nov 2026 08:00:20 +0000", "In-Reply-To: <1@a>",
                                "References: <1@a>", "Auto-Submitted: auto-replied",
                                "X-Auto-Response-Suppress: All", "MIME-Version: 1.0",
                                "Content-Transfer-Encoding: quoted-printable"});
}

TEST_CASE("the body is the text, whatever is in it")
{
    for (const std::string& text :
         {json + "\n", std::string("{\n  \"answer\": \"=3D= .  \"  \n}\n"),
          std::string("{\"x\":\"д雪\U0001F600\"}\n"), std::string("{\n.\nFrom x\n}\n"),
          std::string("سلام\n"),
          "{\"x\":\"" + std::string(90000, '=') + std::string(1000, ' ') + "\"}\n"}) {
        CAPTURE(text.substr(0, 100));
        CHECK(body(Case{.text = text}.mail()) == text);
    }
}

TEST_CASE("an error reply never expires")
{
    const std::string reply = Case{.reply = problem::no_proxy}.mail();
    CHECK(value(reply, "Expires") == "");
    CHECK(value(reply, "Auto-Submitted") == "auto-replied");
}

TEST_CASE(
    "RFC 5322 2.1.1: no line is longer than 998 octets, and References keeps the first and the "
    "last identifiers")
{
    std::string references;
    for (int i = 100; i < 300; ++i)
        references += "<" + std::to_string(i) + id(246).substr(1) + " ";
    Case c{.text = "{\"x\":\"" + std::string(90000, 'a') + "\"}\n",
           .request = {{"Message-ID", id(249)}, {"References", references}}};
    c.settings.subject = std::string(5000, 's');
    c.envelope.sender = std::string(308, 'u') + "@example.net";
    const std::string reply = c.mail(), kept = value(reply, "References");
    std::istringstream lines(reply);
    for (std::string line; std::getline(lines, line);)
        CHECK(line.size() <= 998);
    CHECK(reply.find('\r') == std::string::npos);
    CHECK(std::count(kept.begin(), kept.end(), '<') == 21);
    CHECK((kept.starts_with("<100a") && kept.find("<280") == std::string::npos &&
           kept.find("<281") != std::string::npos && kept.ends_with(id(249))));
}

TEST_CASE(
    "RFC 5322 3.6.4: In-Reply-To is the request's Message-ID, References continues the request's; "
    "hostile text makes no field")
{
    const struct {
        std::string message_id, references, in_reply_to, expected;
    } table[] = {
        {"<3@a>", "<1@a> <2@a>", "<2@a>", "<1@a> <2@a> <3@a>"},
        {"<2@a>", "", "Jane's mail of Monday <1@a>", "<1@a> <2@a>"},
        {"<3@a>", "", "<1@a> <2@a>", "<3@a>"}, // of several In-Reply-To none is the thread
        {" <1@a> (comment)", "garbage", "garbage", "<1@a>"},
        {id(100), id(70, 'r') + " " + id(249, 's'), "",
         id(70, 'r') + " " + id(249, 's') + " " + id(100)},
        {"<9@a>", "<1@a>\r\nBcc: x@a\r\n <2\r\n@a> <<3@a>> <\x1b[31m@a> <é@a> <4@a>,<5@a", "",
         "<1@a> <3@a> <4@a> <9@a>"},
        {"", "<1@a>", "<1@a>", ""},
    };
    for (const auto& row : table) {
        const auto& [message_id, references, in_reply_to, expected] = row;
        CAPTURE(row.message_id);
        const std::string reply = Case{.request = {{"message-id", message_id},
                                                   {"References", references},
                                                   {"In-Reply-To", in_reply_to}}}
                                      .mail();
        CHECK(value(reply, "References") == expected);
        CHECK(value(reply, "In-Reply-To") ==
              (expected.empty() ? "" : expected.substr(expected.rfind('<'))));
        CHECK(reply.find("Bcc") == std::string::npos);
    }
    for (const auto& hostile :
         parts("<>|<1@a|<a b@c>|<1@\r\nBcc: x@a>|<1\x01@a>|<é@a>|<a@>|" + id(1000))) {
        CAPTURE(hostile);
        const std::string reply =
            Case{.request = {{"Message-ID", hostile}, {"References", "<1@a>"}}}.mail();
        CHECK(reply.find("References:") == std::string::npos);
        CHECK(reply.find("In-Reply-To:") == std::string::npos);
        CHECK(reply.find("Bcc:") == std::string::npos);
    }
}

TEST_CASE(
    "RFC 2047: what the settings say in other scripts is encoded, and no setting makes a field")
{
    Case c;
    c.settings.from = "Büro <other@example.org>";
    c.settings.subject = "für Sie";
    CHECK(value(c.mail(), "From").starts_with("=?"));
    CHECK(value(c.mail(), "From").ends_with("?= <other@example.org>"));
    CHECK(value(c.mail(), "Subject").starts_with("=?"));
    const std::string reply = c.mail();
    CHECK(std::all_of(reply.begin(), reply.end(),
                      [](char b) { return b == '\n' || (b >= ' ' && b <= '~'); }));
    c.settings.from = "\"Doe, Jane\" <other@example.org>";
    c.settings.subject = "a\r\nBcc: x@example.net\r\n\r\nbody";
    CHECK(value(c.mail(), "From") == "\"Doe, Jane\" <other@example.org>");
    CHECK(value(c.mail(), "Bcc") == "");
    CHECK(body(c.mail()) == json + "\n");
}

TEST_CASE("RFC 5322 3.4, RFC 6532: an odd address is one recipient as it is, also in UTF-8")
{
    // IDNA, as GMime does it, leaves of the last five "u@", "u@a,b", "u@a(b", "u@a.b" and "u@a b".
    for (const auto& address :
         parts("用户@a|-n@a|o'brien@a|a=b@a|root|=?utf-8?q?a=2Cb?=@a|user@[192.0.2.1]|" +
               std::string(308, 'u') +
               "@example.net|пользователь@пример.испытание|u@xn--a|"
               "u@a，b|u@a（b|u@a。b|u@a\u2028b")) {
        CAPTURE(address);
        const std::string reply = Case{.envelope = {address, address}}.mail();
        CHECK(value(reply, "To") == address);
        CHECK(value(reply, "From") == address);
    }
}

TEST_CASE("any address that is sendable is the only one that a reader finds in From and in To")
{
    const std::vector<std::string> pieces = parts(
        "a|B|9|.|..|@|-|_|+|=|~|`|'|/|?|!|#|$|%|&|*|^|{|}|[|]|[192.0.2.1]|(|)|<|>|,|;|:|\"|\\\\"
        "| |\t|\x7f|é|用|（|，|＠|\u00a0|\u00ad|\u2028|\u3000|\xff|=?utf-8?q?a?=|@example.net");
    std::mt19937 random(1);
    int sendable = 0;
    for (unsigned long i = 0; i < 4000; ++i) {
        std::string address;
        for (unsigned long size = random() % 8, at = 0; at <= size; ++at)
            address += pieces[random() % pieces.size()];
        if (i % 2 == 0)
            address += "@example.net";
        if (!is_sendable(address))
            continue;
        ++sendable;
        CAPTURE(address);
        const std::string reply = Case{.envelope = {address, address}}.mail();
        const std::vector<std::string> only = {address};
        CHECK(parse_message(reply).header.from == only);
        CHECK(parse_message("From: " + value(reply, "To") + "\n\nx\n").header.from == only);
        CHECK(mailbox_address(address) == address);
    }
    CHECK(sendable > 300);
}

TEST_CASE("RFC 5322 2.1.1: a long name is folded")
{
    for (const auto& word : parts("Büro |word, |word |\\\" ")) {
        CAPTURE(word);
        std::string name;
        for (int i = 0; i < 500; ++i)
            name += word;
        Case c;
        c.settings.from = '"' + name + "\" <other@example.org>";
        const std::string reply = c.mail();
        std::istringstream lines(reply);
        for (std::string line; std::getline(lines, line);)
            CHECK(line.size() <= 998);
        CHECK(parse_message(reply).header.from == std::vector<std::string>{"other@example.org"});
    }
}

TEST_CASE("a From that GMime can't read still has its address")
{
    for (const auto& name : parts("Jane (x|Jane [x|(x) Jane|=?x?Q?a?=|Büro|Jane.. D.")) {
        CAPTURE(name);
        Case c;
        c.settings.from = name + " <other@example.org>";
        CHECK(parse_message(c.mail()).header.from == std::vector<std::string>{"other@example.org"});
    }
}

TEST_CASE("a reply comes from the address of the settings, else from the one that was written to")
{
    const Envelope envelope = {"user@example.net", "snowflake@example.org"}, none = {"user@a", ""},
                   two = {"user@a", "a@example.org,b@example.org"}; // is ignored before
    Settings::Reply settings;
    CHECK(service_address(envelope, settings) == "snowflake@example.org");
    CHECK(failure_of([&] { service_address(none, settings); }).starts_with("recipient: "));
    settings.from = "Name <other@example.org>";
    for (const Envelope& any : {envelope, none, two})
        CHECK(service_address(any, settings) == settings.from);
}
