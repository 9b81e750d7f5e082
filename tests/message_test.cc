#include "message.hh"

#include "handle.hh"

#include <doctest/doctest.h>
#include <glib.h>

using namespace std::string_literals;

namespace {

// All parts in their order, as "text|", "html:text|", "attached:text|".
std::string texts(const std::string& mail)
{
    std::string result;
    for (const Text& text : parse_message(mail).texts)
        result += (text.place == Text::Place::attached_mail ? "attached:" : "") +
                  (text.html ? "html:"s : "") + text.text + "|";
    return result;
}

const std::string nested = R"(Subject: a
 folded	subject
Content-Type: multipart/mixed; boundary="outer"

--outer
Content-Type: multipart/alternative; boundary="inner"

--inner
Content-Type: text/html; charset=iso-8859-1

)"
                           "<b>\xe9</b>"
                           R"(
--inner
Content-Type: text/plain; charset=utf-8; format=flowed
Content-Transfer-Encoding: quoted-printable

{"offer"=3A "=E2=98=
=83"=20
}
--inner--
--outer
Content-Type: application/json; name="request.json"
Content-Transfer-Encoding: base64

YXR0
YWNobWVudA==
--outer
Content-Type: multipart/report; boundary="report"

--report
Content-Type: text/plain

report
--report--
--outer
Content-Type: image/png

image
--outer
Content-Type: message/rfc822

Content-Type: TEXT/Plain

mail
--outer--
)";

} // namespace

TEST_CASE(
    "RFC 2045 6, RFC 3676: texts are decoded, plain ones first, then HTML, then attachments; CR "
    "LF makes no difference")
{
    std::string crlf;
    for (const char c : nested)
        crlf += c == '\n' ? "\r\n"s : std::string(1, c);
    for (const std::string& mail : {nested, crlf}) {
        CHECK(texts(mail) ==
              "{\"offer\": \"\u2603\" }\n|attached:mail|html:<b>\u00e9</b>|attachment|");
        const Header header = parse_message(mail).header;
        REQUIRE(header.find("subject"));
        CHECK(*header.find("subject") == "a folded subject"); // RFC 5322 2.2.3
    }
}

TEST_CASE(
    "RFC 2045 5.2: a mail without MIME fields is text/plain (GNU mailutils); an mbox From_ line "
    "is only what comes first")
{
    const Message message = parse_message(
        "From user@example.net  Mon Nov 23 08:00:00 2026\nSubject: a\n\nline 1\nFrom here on\n");
    CHECK(message.header.mbox_sender == "user@example.net");
    CHECK(message.header.fields.size() == 1);
    CHECK(texts("Subject: a\n\nline 1\nFrom here on\n") == "line 1\nFrom here on\n|");
    CHECK(parse_message("Subject: a\n\nFrom user@example.net Mon\n").header.mbox_sender == "");
    const auto sender = [](const std::string& line) {
        return parse_message("From " + line + "\nSubject: a\n\n").header.mbox_sender;
    };
    CHECK(sender("root Mon Nov 23 08:00:00 2026") == "root");
    CHECK(sender("- Mon, 23 Nov 2026 08:00:00 GMT") == "-");
    CHECK(sender("a@b remote from c") == "a@b");
    for (const std::string nobody : {"Mon Nov 23 08:00:00 2026", "user at example.net  Mon Nov 23",
                                     "user", "a Nov 23", "\u2014 23 Nov", "a Mo", "a on", ""})
        CHECK(sender(nobody) == "");
}

TEST_CASE("any bytes are a message")
{
    for (const auto& bytes :
         {""s, "\n"s, "no header at all"s, std::string(1000, '\0'), "\xff\xfe\n"s,
          "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: text/plain\n"s,
          "Content-Type: text/plain; charset=\"\xff\"\nContent-Transfer-Encoding: "
          "base64\n\n===="s}) {
        CAPTURE(bytes);
        CHECK(texts(bytes).find_first_not_of('|') == std::string::npos);
    }
}

TEST_CASE("vacation's fault on CR LF: a field in the body is no field of the header")
{
    const Header header =
        parse_message(
            "return-path: <a@b>\r\nRECEIVED: from a\r\nX-Original-To: b@c\r\n\r\nDelivered-To: "
            "c@d\r\n")
            .header;
    CHECK(header.fields.size() == 3);
    REQUIRE(header.find_in_trace("Return-Path"));
    CHECK(*header.find_in_trace("Return-Path") == "<a@b>");
    CHECK_FALSE(header.find_in_trace(
        "X-Original-To")); // below the first Received anybody may have written it
    CHECK(header.find("x-original-to"));
}

TEST_CASE("the header tells when the mail was sent, and when it expires (RFC 4021 2.1.50)")
{
    const Header header = parse_message(
                              "Received: from a by b;\n Mon, 23 Nov 2026 08:00:00 +0000\n"
                              "Expires: Mon, 23 Nov 2026 09:00:20 +0100\n\nbody\n")
                              .header;
    CHECK(header.sent == std::chrono::sys_seconds(std::chrono::seconds(1795420800)));
    CHECK(header.expires == std::chrono::sys_seconds(std::chrono::seconds(1795420820)));
    CHECK_FALSE(parse_message("Subject: a\n\nbody\n").header.sent);
}

TEST_CASE(
    "RFC 5322 3.4, 3.6.2: the authors are the mailboxes in From, Sender and Reply-To, those in "
    "groups too")
{
    std::string authors;
    for (const auto& author :
         parse_message("From: \"A, B\" <a@a>, us: b@a, <c@a>;\nSender: d@a\nReply-To: E <e@a>\nTo: "
                       "f@a\nResent-From: g@a\n\n")
             .header.authors)
        authors += author + " ";
    CHECK(authors == "a@a b@a c@a d@a e@a ");
}

namespace {

std::string base64(const std::string& text)
{
    const Handle<char, g_free> encoded(
        g_base64_encode(reinterpret_cast<const guchar*>(text.data()), text.size()));
    std::string lines = encoded.get();
    for (std::size_t at = 76; at < lines.size(); at += 77)
        lines.insert(at, "\n");
    return lines + "\n";
}

std::string quoted_printable(const std::string& text)
{
    std::string encoded;
    for (const char c : text)
        encoded += c == '=' ? "=3D" : c == ' ' ? "=20=\n" : std::string(1, c);
    return encoded;
}

std::string encoded_part(const std::string& type, const std::string& encoding,
                         const std::string& content)
{
    return "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nsee\n--b\n"
           "Content-Type: " +
           type + "\nContent-Transfer-Encoding: " + encoding + "\n\n" + content + "\n--b--\n";
}

} // namespace

TEST_CASE("RFC 2046 5.2.1, RFC 6532 3.7: a mail that is attached in an encoding is a mail")
{
    const std::string mail = "Subject: a = b\nContent-Type: text/plain; charset=utf-7\n\n+AHs-\n",
                      alternative =
                          "Subject: a\n" + encoded_part("text/html", "base64", base64("<b>"));
    for (const std::string type :
         {"message/rfc822", "message/global", "Message/RFC822; name=m.eml"}) {
        CAPTURE(type);
        CHECK(texts(encoded_part(type, "base64", base64(mail))) == "see|attached:{\n|");
        CHECK(texts(encoded_part(type, "quoted-printable", quoted_printable(mail))) ==
              "see|attached:{\n|");
        CHECK(texts(encoded_part(type, "7bit", mail)) == "see|attached:{\n|");
        CHECK(texts(encoded_part(type, "base64", mail)) == "see|attached:{\n|"); // it is none
        CHECK(texts(encoded_part(type, "quoted-printable", mail)) == "see|attached:{\n|");
        CHECK(texts(encoded_part(type, "base64", base64(alternative))) ==
              "see|attached:see|attached:html:<b>|");
        CHECK(texts(encoded_part(type, "base64",
                                 base64(encoded_part(type, "base64", base64(mail))))) ==
              "see|attached:see|attached:{\n|");
        CHECK(texts(encoded_part(type, "base64", "")) == "see|");
    }
    CHECK(texts(encoded_part("message/delivery-status", "base64", base64(mail))) == "see|");
    // A feedback loop's: it attaches a mail and writes nothing.
    const Message report = parse_message(
        "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + base64(mail));
    CHECK(report.texts.empty());
    CHECK(report.header.report);
}

TEST_CASE("a part that isn't encoded as its field says (RFC 2045 6) is read as it stands")
{
    const std::string plain = "a=candidate:1 {\"x\":\"v=0 a=fd\"}",
                      banner = "CAUTION: from outside.";
    const auto text = [&](const std::string& encoding, const std::string& content) {
        return texts("Content-Type: text/plain\nContent-Transfer-Encoding: " + encoding + "\n\n" +
                     content);
    };
    for (const std::string encoding : {"base64", "quoted-printable"})
        CHECK(text(encoding, plain + "\n") == plain + "\n|");
    const std::string encoded = base64(plain); // with padding or without, one line or more
    CHECK(text("base64", banner + "\n\n" + encoded) == banner + "\n\n" + plain + "\n|");
    CHECK(text("base64", encoded + "\n" + banner + "\n") == plain + "\n" + banner + "\n|");
    const std::string long_text = plain + plain + "> " + plain;
    CHECK(text("base64", banner + "\n" + base64(long_text) + banner + "\n") ==
          banner + "\n" + long_text + "\n" + banner + "\n|");
    for (const std::string& mixed :
         {"EXTERNAL MAIL\n" + base64("it"), "CAUTION\n\n" + base64(long_text)})
        CHECK(text("base64", mixed) == mixed + "|");
    CHECK(text("base64", base64(plain)) == plain + "|");
    for (const std::string damage : {"!\n", "\n> ", "\n\n", " \n", "\r\n", "\xa0\n", "*\n"}) {
        std::string damaged = base64(plain + plain + plain);
        damaged.replace(damaged.find('\n'), 1, damage);
        CAPTURE(damage);
        CHECK(text("base64", damaged) == plain + plain + plain + "|");
    }
    CHECK(text("quoted-printable", quoted_printable(plain) + "\n") == plain + "\n|");
    CHECK(text("quoted-printable", quoted_printable(plain) + "\nhttp://x/?y=z\n") ==
          plain + "\nhttp://x/?y=z\n|"); // a list's footer
    CHECK(text("quoted-printable", "a=C3=A9 =\nb\n") == "a\u00e9 b\n|");
}

TEST_CASE(
    "RFC 4648 3.2: several texts in base64, one behind the other, end with their padding each")
{
    const auto text = [](const std::string& content) {
        return texts("Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + content);
    };
    const std::string request(200, 'a');
    for (const std::string line_end : {"\n", "\r\n", "\n\n", "", " \n> "})
        for (const std::string banner : {"1\n3\n", "1\n3\n5", "1\n3\n5\n"}) {
            CAPTURE(line_end);
            CAPTURE(banner);
            CHECK(text(base64(banner) + line_end + base64(request)) == banner + request + "|");
            CHECK(text(base64(request) + line_end + base64(banner) + line_end + base64(request)) ==
                  request + banner + request + "|");
        }
    CHECK(text(base64("ab") + "====\n") == "ab|");
}

TEST_CASE("uuencode(5): what has no line that begins it is no uuencoded text")
{
    const auto text = [](const std::string& content) {
        return texts("Content-Type: text/plain\nContent-Transfer-Encoding: x-uuencode\n\n" +
                     content);
    };
    CHECK(text("v=0 a=b\n") == "v=0 a=b\n|");
    CHECK(text("begin 644 a\n#=CTP\n`\nend\n") == "v=0|");
    CHECK(text("\nbegin 644 a\n#=CTP\n`\nend\n") == "v=0|");
}

TEST_CASE("RFC 6522: a multipart/report is a report")
{
    CHECK(parse_message("Content-Type: Multipart/REPORT; report-type=delivery-status; "
                        "boundary=a\n\n--a\n\nx\n--a--\n")
              .header.report);
    CHECK_FALSE(parse_message("Content-Type: multipart/mixed; boundary=a\n\n--a\n\nx\n--a--\n")
                    .header.report);
}

TEST_CASE(
    "RFC 2045 6.7 (3): blanks behind a soft line break were added on the way, those before a "
    "line's end were not")
{
    const std::string encoded = "\nContent-Transfer-Encoding: quoted-printable\n\n";
    CHECK(texts("Content-Type: text/plain" + encoded + "{\"of= \t\nfer\"=3D=\n1}\n") ==
          "{\"offer\"=1}\n|");
    CHECK(texts("Content-Type: text/plain\n\na= \nb\n") == "a= \nb\n|");
}
