#include "mail.hh"

#include "handle.hh"

#include <algorithm>
#include <doctest/doctest.h>
#include <glib.h>

using namespace std::string_literals;

namespace {

// A poll request that can be told from others by the number of its session.
std::string request(const std::string& session)
{
    return R"(1.0
{"offer":"{\"sdp\":\"v=0\\r\\no=- )" +
           session +
           R"( 2 IN IP4 0.0.0.0\\r\\ns=-\\r\\nt=0 0\\r\\na=fingerprint:sha-256 12:34\\r\\na=extmap-allow-mixed\\r\\na=group:BUNDLE 0\\r\\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\\r\\nc=IN IP4 0.0.0.0\\r\\na=setup:actpass\\r\\na=mid:0\\r\\na=sendrecv\\r\\na=sctp-port:5000\\r\\na=ice-ufrag:CoVEaiFXRGVzshXG\\r\\na=ice-pwd:aOrOZXraTfFKzyeBxIXYYKjSgRVPGhUx\\r\\na=candidate:1000 1 udp 2000 8.8.8.8 3000 typ host\\r\\na=end-of-candidates\\r\\n\",\"type\":\"offer\"}","nat":"unknown"}
)";
}

// The session description of the request that is found; "": none.
std::string description(const std::string& mail)
{
    const Mail found = read_mail(mail);
    const auto* poll = std::get_if<PollRequest>(&found.request);
    return poll ? sdp_of(*poll) : "";
}

std::string session(const std::string& mail)
{
    const std::string sdp = description(mail);
    return sdp.empty() ? "" : sdp.substr(9, sdp.find(' ', 9) - 9); // behind "v=0\r\no=- "
}

std::string part(const std::string& header, const std::string& body)
{
    return "--b\n" + header + "\n\n" + body + "\n";
}

std::string multipart(const std::string& parts, const std::string& subtype = "mixed")
{
    return "Subject: offer\nContent-Type: multipart/" + subtype + "; boundary=b\n\n" + parts +
           "--b--\n";
}

const std::string plain = "Content-Type: text/plain", html = "Content-Type: text/html",
                  attachment = "Content-Type: text/plain\nContent-Disposition: attachment",
                  json = "Content-Type: application/json",
                  unknown = "Content-Type: application/octet-stream",
                  attached_mail = "Content-Type: message/rfc822\n\nSubject: offer";

} // namespace

TEST_CASE(
    "of several requests plain text has the first, then HTML, then an attachment, then an "
    "attached mail")
{
    const std::string parts = part(attached_mail, request("1")) + part(json, request("2")) +
                              part(html, "<p>" + request("3")) + part(plain, request("4"));
    CHECK(session(multipart(parts)) == "4");
    CHECK(session(multipart(part(attached_mail, request("1")) + part(json, request("2")) +
                            part(html, "<p>" + request("3")))) == "3");
    CHECK(session(multipart(part(attached_mail, request("1")) + part(attachment, request("2")) +
                            part(plain, "my offer"))) == "2");
    CHECK(session(multipart(part(plain, "my offer") + part(unknown, request("1")) +
                            part(json, request("2")))) == "1");
    CHECK(session(multipart(part(plain, "my offer") + part(attached_mail, request("1")))) == "1");
    CHECK(session(multipart(part(plain, "> " + request("1").insert(4, "> ")) +
                            part(json, request("2")))) == "2"); // who quotes has it from elsewhere
    CHECK(session(multipart(part(plain, "> " + request("1").insert(4, "> ")) +
                            part(attached_mail, request("2")))) == "1");
}

TEST_CASE("RFC 2046 5.1: multiparts within multiparts are searched to a depth that nobody writes")
{
    const auto nested = [](int depth) {
        std::string opened = "Subject: offer\n";
        for (int i = 0; i < depth; ++i)
            opened += "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\n\n--b" +
                      std::to_string(i) + "\n";
        return opened + "\n" + request("1");
    };
    CHECK(session(nested(1)) == "1");
    CHECK(session(nested(20)) == "1");
    CHECK(session(nested(900)) == "");
    CHECK(session(nested(20000)) == "");
}

TEST_CASE("RFC 6522: a request in a report's parts is none")
{
    const std::string parts = part(plain, request("1")) + part(attached_mail, request("2")) +
                              part("Content-Type: text/rfc822-headers", request("3"));
    CHECK(session(multipart(parts)) == "1");
    CHECK(session(multipart(parts, "report; report-type=delivery-status")) == "");
    std::string inner = multipart(parts, "report");
    for (std::size_t at = 0; (at = inner.find("--b", at)) != inner.npos; at += 3)
        inner.replace(at, 3, "--c");
    inner.replace(inner.find("=b"), 2, "=c");
    CHECK(session(multipart(part(plain, "returned") + "--b\n" + inner)) == "");
}

TEST_CASE("RFC 3676 4.2: a flowed line goes on in the next, with DelSp without the blank")
{
    std::string body = request("1");
    body.insert(body.find("a=setup"),
                "a=x-note:one \ntwo\\\\r\\\\n"); // of which no program knows how it was
    const std::string type = plain + "; format=flowed";
    CHECK(description(type + "\n\n" + body).find("a=x-note:one two\r\n") != std::string::npos);
    CHECK(description(type + "; delsp=no\n\n" + body).find("a=x-note:one two\r\n") !=
          std::string::npos);
    CHECK(description(type + "; delsp=yes\n\n" + body).find("a=x-note:onetwo\r\n") !=
          std::string::npos);
    CHECK(description(plain + "\n\n" + body) == "");
}

TEST_CASE(
    "RFC 2045 5.2: a mail without a Content-Type, or with one that nobody can read, is plain text")
{
    CHECK(session("Subject: offer\n\n" + request("1")) == "1");
    for (const std::string type :
         {"", ";", "text", "text/", "/plain", "texts/plain; charset=", "text/plain; charset=\"",
          "multipart/mixed", "multipart/mixed; boundary=lost"}) {
        CAPTURE(type);
        CHECK(session("Subject: offer\nContent-Type: " + type + "\n\n" + request("1")) == "1");
    }
}

TEST_CASE("the Subject is read only where the body is empty")
{
    std::string line = request("1");
    line.erase(line.find('\n'), 1);
    line.pop_back();
    CHECK(session("Subject: " + line + "\n\n") == "1");
    CHECK(session("Subject: " + line + "\n\n \n\n") == "1");
    CHECK(session("Subject: " + line + "\n\nhello\n") == "");
    CHECK(session("Subject: " + line + "\n\n" + request("2")) == "2");
}

TEST_CASE("line ends of each kind, also doubled on the way, are understood")
{
    for (const std::string end : {"\r\n", "\r\r\n"}) {
        std::string mail;
        for (const char c : "Subject: offer\nContent-Type: multipart/mixed; boundary=b\n\n" +
                                part(plain, request("1")))
            mail += c == '\n' ? end : std::string(1, c);
        CHECK(session(mail) == "1");
    }
}

TEST_CASE(
    "a request that is quoted or attached doesn't stand in for one above it that can't be read")
{
    const std::string whole = request("100000001"),
                      old = "> " + request("200000002").insert(4, "> ");
    std::string quotes = whole, capitals = whole, questions = whole, version = whole;
    std::erase(quotes, '"');
    std::transform(capitals.begin(), capitals.end(), capitals.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? char(c - 32) : c; });
    std::replace(questions.begin(), questions.end(), '"', '?');
    version.replace(0, 3, "1.0.1");
    for (const std::string& damaged :
         {whole.substr(0, 40), whole.substr(0, 60), whole.substr(0, 300), quotes, capitals,
          questions, version}) {
        CAPTURE(damaged);
        CHECK(session("Subject: offer\n\n" + damaged + "\n\n" + old) == "");
        CHECK(session("Content-Type: text/html\n\n<pre>" + damaged + "\n<blockquote>" +
                      request("200000002") + "</blockquote></pre>") == "");
        CHECK(session(multipart(part(plain, damaged) +
                                part(attached_mail, request("200000002")))) == "");
        CHECK(session(multipart(part(plain, damaged) + part(html, request("100000001")),
                                "alternative")) == "100000001");
    }
    CHECK(session("Subject: offer\n\nHere is my {offer}, see below\n\n" + old) ==
          "200000002"); // words begin nothing
    CHECK(session("Subject: offer\n\n" + request("100000001") + "\n" + old) == "100000001");
    CHECK(session("Subject: offer\n\n" + old + "\n" + request("100000001")) == "100000001");
    const std::string deeper = ">> " + request("200000002").insert(4, ">> ");
    CHECK(session("Subject: offer\n\n" + deeper + "> " + request("100000001").insert(4, "> ")) ==
          "100000001");
}

TEST_CASE("base64 of an old request doesn't stand in for one above it that can't be read")
{
    const std::string cut = request("100000001").substr(0, 300);
    const auto base64 = [](const std::string& text) {
        const GString8 encoded(
            g_base64_encode(reinterpret_cast<const guchar*>(text.data()), text.size()));
        return std::string(encoded.get());
    };
    // An editor numbered the lines, so that the one with base64 is not seen to be quoted.
    const std::string numbered = "1. 1.0\n2. {\n3. " + cut.substr(5) + "\n4. \n5. > ";
    CHECK(session("Subject: offer\n\n" + numbered + base64(request("200000002"))) == "");
    CHECK(session("Subject: offer\n\n" + numbered + base64(request("100000001"))) == "100000001");
    CHECK(session("Subject: offer\n\n" + cut + "\n\n" + base64(request("100000001"))) ==
          "100000001");
    CHECK(session("Subject: offer\n\nhello\n\n" + base64(request("200000002"))) == "200000002");
}

TEST_CASE("a long text in front leaves enough of the budget for what is quoted or attached")
{
    std::string prose;
    for (int i = 0; i < 4000; ++i)
        prose += "It\u2019s *late*, see http://example.org/ and a=3D b &amp; c\n";
    CHECK(session(multipart(part(plain, prose) + part(json, request("1")))) == "1");
    CHECK(session("Subject: offer\n\n" + prose + "> " + request("1").insert(4, "> ")) == "1");
}

TEST_CASE("parts past the caps are not looked at; the header costs no part")
{
    const auto many = [](int count, const std::string& text) {
        std::string result;
        for (int i = 0; i < count; ++i)
            result += text;
        return result;
    };
    const std::string first = part(plain, request("1")), tiny = "--b\n\nx\n",
                      last = part(json, request("2"));
    CHECK(session(multipart(first + many(20000, tiny))) == "1");
    CHECK(session(multipart(many(100, tiny) + last)) == "2");
    CHECK(session(multipart(many(20000, tiny) + last)) == "");

    CHECK(session(many(300, "X-A: b\n") + multipart(first)) == "1");
    CHECK(session(many(20000, "X-A: b\n") + multipart(first)) == "1");
    CHECK(session("X-A: " + many(200000, "b") + "\n" + multipart(first)) == "1");
    CHECK(session("X-A: b\n" + many(50000, " b\n") + multipart(first)) == "1");
    CHECK(session(many(200000, "X") + ": b\n" + multipart(first)) == "1");

    const Header header =
        read_mail("Auto-Submitted: auto-replied\n" + many(50000, " (c)\n") + multipart(first))
            .header;
    REQUIRE(header.find("Auto-Submitted"));
    CHECK(header.find("Auto-Submitted")->empty()); // RFC 3834 5: not "no"
}

TEST_CASE(
    "the header of an attached mail costs no body; where it isn't plain that there is one, caps "
    "hold")
{
    std::string fields;
    for (int i = 0; i < 20000; ++i)
        fields += "X-A: b\n";
    for (const auto& [type, is_plain] : {std::pair{"Content-Type: message/rfc822\n\n"s, true},
                                         {"content-type:\n message/rfc822\n\n", true},
                                         {"Content-Type: (a) MESSAGE (b) / rfc822\n\n", false}}) {
        CAPTURE(type);
        CHECK(session(multipart("--b\n" + type + "Subject: offer\n\n" + request("1"))) == "");
        CHECK(session(multipart(part(plain, "hello") + "--b\n" + type + "Subject: offer\n\n" +
                                request("1"))) == "1");
        CHECK(session(multipart(part(plain, "hello") + "--b\n" + type + fields + "\n" +
                                request("1"))) == (is_plain ? "1" : ""));
    }
    CHECK(session(multipart(
              part(plain, "hello") +
              "--b\nContent-Type: multipart/digest; boundary=d\n\n--d\n\nSubject: offer\n\n" +
              request("1"))) == "1");
    CHECK(session(multipart(part(plain, "hello") +
                            "--b\nContent-Type: multipart/digest; boundary=d\n\n--d\n\n" + fields +
                            "\n" + request("1"))) == "");
}
