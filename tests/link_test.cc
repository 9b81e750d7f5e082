#include "link.hh"

#include "deflate.hh"

#include <doctest/doctest.h>
#include <fstream>
#include <glib.h>
#include <iterator>

using namespace std::string_literals;

namespace {

// A file of tests/link; the tests run in the tree's top directory.
std::string example(const std::string& name)
{
    std::ifstream file("tests/link/example." + name, std::ios::binary);
    REQUIRE(file);
    std::string text(std::istreambuf_iterator<char>(file), {});
    if (name != "response" && text.ends_with('\n'))
        text.pop_back();
    return text;
}

PollRequest example_request()
{
    const auto request = parse_poll_request(example("request").substr(4));
    REQUIRE(request);
    return *request;
}

// RFC 4648 5
std::string base64url(const std::string& octets)
{
    char* encoded = g_base64_encode(reinterpret_cast<const guchar*>(octets.data()), octets.size());
    std::string letters;
    for (const char* c = encoded; *c && *c != '='; ++c)
        letters += *c == '+' ? '-' : *c == '/' ? '_' : *c;
    g_free(encoded);
    return letters;
}

const std::string response = R"({"answer":"{\"type\":\"answer\",\"sdp\":\"v=0\\r\\n\"}"})";

} // namespace

TEST_CASE("snowflake-mail-requests(7): the example of a link is read and made")
{
    const std::string link = example("link"), start = "http://127.0.0.1:41234/answer#";
    const std::string tag = example("tag"), data = link.substr(link.find('.', start.size()) + 1);
    CHECK(link == start + tag + "." + data);
    CHECK(tag.size() == 22);
    CHECK(read_link_data(data) == example("response"));

    const PollRequest request = example_request();
    CHECK(request.link == LinkTarget(41234));
    CHECK(link_tag(sdp_of(request)) == tag);
    const auto made = make_link(request, "", example("response"));
    REQUIRE(made);
    CHECK(made->starts_with(start + tag + "."));
    CHECK(made->size() <= link.size() + 20); // zlib's own, of whatever version
    CHECK(read_link_data(std::string_view(*made).substr(start.size() + 23)) == example("response"));
}

TEST_CASE("the tag is of the first ICE user fragment and password, without their line ends")
{
    const std::string ice = example("ice"), fragment = ice.substr(0, ice.find('\n')),
                      password = ice.substr(ice.find('\n') + 1), tag = example("tag");
    const std::string first = "a=ice-ufrag:" + fragment, second = "a=ice-pwd:" + password;
    CHECK(link_tag(first + "\r\n" + second + "\r\n") == tag);
    CHECK(link_tag(second + "\n" + first) == tag);
    CHECK(link_tag("v=0\r\nx-a=ice-ufrag:no\r\n" + first + "\r\na=ice-ufrag:other\r\n" + second +
                   "\r\na=ice-pwd:other\r\n") == tag);
    CHECK(link_tag(first + " \r\n" + second + "\r\n") != tag);
    CHECK(link_tag("a=ice-ufrag:\r\na=ice-pwd:\r\n").size() == 22);
    for (const std::string& sdp : {""s, first, second, "v=0 " + first + "\r\n" + second})
        CHECK(link_tag(sdp).empty());
}

TEST_CASE("a link leads to the port that was asked for, or to the page of the settings")
{
    const std::string page = "https://example.org/snowflake/";
    PollRequest request = example_request();
    const auto start_of = [&](LinkTarget target, const std::string& to) {
        request.link = target;
        const auto link = make_link(request, to, response);
        return link ? link->substr(0, link->find('#')) : "";
    };
    CHECK(start_of(LinkTarget(1024), page) == "http://127.0.0.1:1024/answer");
    CHECK(start_of(LinkTarget(65535), "") == "http://127.0.0.1:65535/answer");
    CHECK(start_of(LinkTarget::page, page) == page);
    CHECK(start_of(LinkTarget::page, "") == "");
    CHECK(start_of(LinkTarget::none, page) == "");
    request.offer = R"({"type":"offer","sdp":"v=0\r\na=ice-ufrag:x\r\n"})";
    CHECK(start_of(LinkTarget(1024), page) == ""); // it has no password
}

TEST_CASE("the response comes octet for octet, whatever is in it")
{
    for (const std::string& json :
         {response, response + "\n", "{\r\n \"x\":\"\u00e9\",\r\n" + response.substr(1) + "\r\n"}) {
        CAPTURE(json);
        CHECK(read_link_data(link_data(json)) == json);
        CHECK(link_data(json).find_first_of("+/=\n") == std::string::npos);
    }
}

TEST_CASE("no link is longer than 2,000 characters")
{
    const PollRequest request = example_request();
    std::string noise;
    std::size_t longest = 0;
    for (unsigned i = 1; noise.size() < 4000; i = i * 1103515245 + 12345) {
        noise +=
            static_cast<char>('!' + (i >> 16) % 60); // few repetitions, no quotation mark of JSON
        const std::string json = "{\"x\":\"" + base64url(noise) + "\"," + response.substr(1);
        if (const auto link = make_link(request, "", json)) {
            longest = std::max(longest, link->size());
            CHECK(read_link_data(link->substr(link->find('.', 30) + 1)) == json);
        }
    }
    CHECK(longest <= 2000);
    CHECK(longest > 1980);
}

TEST_CASE("what is no base64url, no whole stream, too large or no poll response is refused")
{
    const std::string data = link_data(response);
    REQUIRE(read_link_data(data));
    for (const std::string& bad :
         {""s, "A"s, data.substr(0, data.size() - 4), data + "AAAA", data + "=", " " + data,
          data.substr(0, 8) + "\n" + data.substr(8), data.substr(0, 8) + "+" + data.substr(9),
          link_data("{}"), link_data(""), link_data("v=0"), base64url(response),
          link_data(response.substr(0, response.size() - 1)),
          link_data("{\"x\":\"" + std::string(100'000, 'x') + "\"," + response.substr(1)),
          link_data(std::string(20'000'000, 'x'))}) {
        CAPTURE(bad.substr(0, 100));
        CHECK_FALSE(read_link_data(bad));
    }
    CHECK(read_link_data(
        link_data("{\"x\":\"" + std::string(90'000, 'x') + "\"," + response.substr(1))));
    CHECK(read_link_data(link_data(R"({"error":"no snowflake proxies currently available"})")));
}
