#include "client/request_mail.hh"
#include "mail.hh"

#include <doctest/doctest.h>
#include <glib.h>

namespace {

const PollRequest request{R"({"type":"offer","sdp":"v=0\r\ns=-\r\n"})", "unrestricted",
                          "2B280B23E1107BB62ABFC40DDCC8824814F80A72"};
const std::string tag(32, 'a');

} // namespace

TEST_CASE("the filter understands the mail, and does not take it for automatic mail")
{
    const std::string text = write_request_mail(request, "me@example.net", "snowflake@example.org",
                                                tag, 0, std::chrono::system_clock::time_point{});
    const Mail mail = read_mail(text);
    REQUIRE(std::holds_alternative<PollRequest>(mail.request));
    CHECK(std::get<PollRequest>(mail.request) == request);
    REQUIRE(mail.header.find("Message-ID"));
    CHECK(*mail.header.find("Message-ID") == "<" + tag + "@example.net>");
    CHECK(*mail.header.find("Date") == "Thu, 01 Jan 1970 00:00:00 +0000");
    CHECK_FALSE(mail.header.find("Auto-Submitted"));
    CHECK_FALSE(mail.header.find("Precedence"));
}

TEST_CASE("RFC 5322 2.1.1: no line is longer than 78")
{
    const std::string text = write_request_mail(request, "", "snowflake@example.org", tag, 0,
                                                std::chrono::system_clock::now());
    CHECK(text.find("From:") == std::string::npos); // sendmail knows it better
    std::size_t longest = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = text.find('\n', at);
        longest = std::max(longest, end - at);
        at = end + 1;
    }
    CHECK(longest <= 78);
}

TEST_CASE("RFC 5233: the return path has the tag as its sub-address where a delimiter is given")
{
    CHECK(return_path_of("me@example.net", "+", "TAG") == "me+TAG@example.net");
    CHECK(return_path_of("me@example.net", "", "TAG") == "me@example.net");
    CHECK(return_path_of("", "", "TAG").empty());
}

TEST_CASE("a link's port is the last field, and the filter understands each form of the request")
{
    PollRequest with_link = request;
    with_link.link = LinkTarget(41234);
    const auto read = [](const std::string& text) {
        return std::get<PollRequest>(read_mail("From: a@b\nTo: c@d\n\n" + text + "\n").request);
    };
    CHECK(read(encode_request(request, 41234)) == with_link);
    CHECK(read(encode_request_shortly(request, 41234)) == with_link);
    CHECK(read(encode_request_shortly(request, 0)) == request);
    CHECK(encode_request(request, 80) == encode_request(request, 0)); // no port for a link
    gsize size = 0;
    std::string text = encode_request(request, 41234);
    g_base64_decode_inplace(text.data(), &size);
    text.resize(size);
    CHECK(text.ends_with(",\"link\":41234}"));
    CHECK(encode_request_shortly(request, 41234).size() < encode_request(request, 41234).size());
}
