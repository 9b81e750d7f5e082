#include "helpers.hh"
#include "poll.hh"

#include <doctest/doctest.h>

using namespace std::string_literals;

namespace {

std::string quoted(const std::string& text)
{
    std::string json = "\"";
    for (const char c : text)
        json += c == '"' || c == '\\' ? "\\"s + c : std::string(1, c);
    return json + '"';
}

const std::string offer = R"({"type":"offer","sdp":"v=0\r\n"})",
                  answer = R"({"type":"answer","sdp":"v=0\r\n"})";
const std::string fingerprint = "2B280B23E1107BB62ABFC40DDCC8824814F80A72";

std::string poll(const std::string& description, const std::string& more = "")
{
    return "{\"offer\":" + quoted(description) + more + "}";
}

bool is_request(const std::string& json) { return parse_poll_request(json).has_value(); }

// "answer", "error: words" or "" for neither
std::string response(const std::string& json)
{
    const auto parsed = parse_poll_response(json);
    return !parsed ? "" : parsed->is_answer ? "answer" : "error: " + parsed->error;
}

} // namespace

TEST_CASE("a poll request is taken as the client made it, other fields are dropped")
{
    const auto parsed =
        parse_poll_request(poll(offer, " , \"nat\":\"restricted\",\r\n\t\"fingerprint\":\"" +
                                           fingerprint + R"(","name":"Jane","x":{"a":[1]})") +
                           "\n");
    REQUIRE(parsed);
    CHECK(*parsed == PollRequest{offer, "restricted", fingerprint, 2});
    CHECK(sdp_of(*parsed) == "v=0\r\n");
    for (const auto& more : {""s, R"(,"nat":"","fingerprint":"")"s,
                             R"(,"nat":null,"fingerprint":null)"s}) { // Go reads null as ""
        CAPTURE(more);
        CHECK(parse_poll_request(poll(offer, more)) == PollRequest{offer, "", ""});
    }
}

TEST_CASE("the rules of the 2026 broker: nat, fingerprint, and the offer's type and sdp")
{
    for (const auto& more : parts(R"("nat":"unknown"|"nat":"restricted"|"nat":"unrestricted"|)"
                                  R"("fingerprint":"2b280b23e1107bb62abfc40ddcc8824814f80a72")")) {
        CAPTURE(more);
        CHECK(is_request(poll(offer, "," + more)));
    }
    for (const auto& more :
         parts(R"("nat":"Unknown"|"nat":"open"|"nat":1|"nat":["unknown"]|"fingerprint":"2B28"|)"
               R"("fingerprint":40|)"
               R"("fingerprint":"2B280B23E1107BB62ABFC40DDCC8824814F80A72A"|)"
               R"("fingerprint":"2B280B23E1107BB62ABFC40DDCC8824814F80A7G")")) {
        CAPTURE(more);
        CHECK_FALSE(is_request(poll(offer, "," + more)));
    }
    for (const auto& description : parts(
             R"(|{}|v=0|null|["offer"]|{"type":"answer","sdp":"v=0"}|{"type":"Offer","sdp":"v=0"}|)"
             R"({"sdp":"v=0"}|{"type":"offer"}|)"
             R"({"type":"offer","sdp":""}|{"type":"offer","sdp":null}|{"type":"offer","sdp":1}|)"
             R"({"type":["offer"],"sdp":"v=0"}|)"
             R"({"type":"offer","sdp":"v=0"}x|{"type":"offer","type":"offer","sdp":"v=0"}|)"
             "{\"type\":\"offer\",\"sdp\":\"v=0\\r\n\"}")) {
        CAPTURE(description);
        CHECK_FALSE(is_request(poll(description)));
    }
    for (const auto& json : {R"({"offer":{"type":"offer","sdp":"v=0"}})"s, R"({"offer":null})"s,
                             offer, "1.0\n" + poll(offer)}) {
        CAPTURE(json);
        CHECK_FALSE(is_request(json));
    }
}

TEST_CASE(
    "a link goes to a port from 1024 to 65535 or to the page; other values are as if not there")
{
    const auto target = [](const std::string& value) {
        const auto request = parse_poll_request(poll(offer, ",\"link\":" + value));
        REQUIRE(request);
        CHECK(request->unknown_fields == 0);
        return request->link;
    };
    CHECK(target("1024") == LinkTarget(1024));
    CHECK(target(" 65535\n") == LinkTarget(65535));
    CHECK(target("\"page\"") == LinkTarget::page);
    CHECK(target("\"\\u0070age\"") == LinkTarget::page); // RFC 8259 8.3
    for (const auto& value :
         parts(R"(0|1|2|80|1023|65536|66560|-8080|4294975376|18446744073709559696|08080|8080.0|)"
               R"(8.08e3|1e4|"8080"|"Page"|"page "|"http://example.org/"|""|null|true|false|)"
               R"([8080]|["page"]|{"port":8080}|{}|[])")) {
        CAPTURE(value);
        CHECK(target(value) == LinkTarget::none);
    }
    CHECK(parse_poll_request(poll(offer))->link == LinkTarget::none);
    CHECK(parse_poll_request(poll(offer, R"(,"Link":8080,"x":{"link":8080})"))->link ==
          LinkTarget::none);
    CHECK(write_poll_request(*parse_poll_request(poll(offer, ",\"link\":8080"))).find("link") ==
          std::string::npos);
}

TEST_CASE("RFC 8259: a poll message is strict JSON, one object and nothing else")
{
    for (const auto& good :
         {poll(offer), "{\"answer\":" + quoted(answer) + "}", R"({"error":"x"})"s}) {
        REQUIRE((is_json_object(good) && (is_request(good) || response(good) != "")));
        const std::string open = good.substr(0, good.size() - 1);
        std::vector<std::string> bad = {"",
                                        "null",
                                        "[" + good + "]",
                                        "x" + good,
                                        "\xEF\xBB\xBF" + good,
                                        open,
                                        good + good,
                                        good + "\0x"s,
                                        std::string(100000, '['),
                                        good + " x"};
        for (const auto& more :
             parts(R"(,|,"a":"\q"|,"a":1,"a":2|,a:1|,'a':1|,"a":NaN|/* comment */)"
                   "|// comment\n|,\"a\":\"line\nbreak\"|,\"a\":\"\ttab\"|"
                   ",\"a\":\"\xff\"|,\"a\":\"\xed\xa0\x80\"|,\"a\0\":1|,\"a\":"s +
                   std::string(100, '[') + std::string(100, ']')))
            bad.push_back(open + more + "}");
        for (const auto& json : bad) {
            CAPTURE(json.substr(0, 200));
            CHECK_FALSE(is_request(json));
            CHECK_FALSE(is_json_object(json));
            CHECK(response(json) == "");
        }
    }
}

TEST_CASE("what reaches the broker is 1.0, LF and one line of ASCII that holds the offer unchanged")
{
    CHECK(write_poll_request({offer, "unknown", fingerprint}) ==
          "1.0\n{\"fingerprint\":\"" + fingerprint +
              "\",\"nat\":\"unknown\",\"offer\":" + quoted(offer) + "}");
    CHECK(write_poll_request({"a\"\\\n\u00e9\U0001F600/", "", ""}) ==
          "1.0\n{\"offer\":\"a\\\"\\\\\\n\\u00e9\\ud83d\\ude00/\"}");
    for (const auto& sdp :
         parts("v=0\\r\\n|\\u0000\\u001f|\u00e9\U0001F600|\\ud83d\\ude00|a/b\\/c|{\\\"offer\\\":1}|"
               "<&>\u2028")) {
        CAPTURE(sdp);
        const PollRequest request = {"{\"type\":\"offer\", \"sdp\":\"" + sdp + "\", \"x\":1.0}",
                                     "restricted", fingerprint};
        CHECK(parse_poll_request(write_poll_request(request).substr(4)) == request);
    }
}

TEST_CASE("a poll response is an answer that holds an answer, or an error in words")
{
    CHECK(response("{\"answer\":" + quoted(answer) + ",\"error\":\"\",\"x\":1}\n") == "answer");
    CHECK(response(R"({"answer":null,"error":"caf\u00e9 \"x\""})") == "error: caf\u00e9 \"x\"");
    for (const auto& json :
         parts(R"({}|{"error":""}|{"error":1}|{"answer":""}|{"answer":1,"error":"x"}|<html>|)"
               R"({"answer":{"type":"answer","sdp":"v=0"}}|)" +
               answer + "|{\"answer\":" + quoted(answer) + ",\"error\":\"x\"}|{\"answer\":" +
               quoted(offer) + "}|{\"answer\":" + quoted(R"({"type":"answer","sdp":""})") + "}")) {
        CAPTURE(json);
        CHECK(response(json) == "");
    }
}
