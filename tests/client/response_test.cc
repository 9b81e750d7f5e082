#include "client/response.hh"

#include <doctest/doctest.h>

namespace {

const std::string answer = R"({"answer":"{\"type\":\"answer\",\"sdp\":\"v=0\\r\\ns=} {\\r\\n\"}"})";

std::optional<FoundResponse> find_in(const std::string& text, bool html = false)
{
    return find_response({{text, html, Text::Place::written}});
}

} // namespace

TEST_CASE("a poll response is found as it stands, with text and other braces around it")
{
    for (const std::string& text :
         {answer, "Hello {you}\n" + answer + "\n-- \nSent by {\"mail\":1}", "> " + answer,
          "{\"a\":1} " + answer}) {
        CAPTURE(text);
        const auto found = find_in(text);
        REQUIRE(found);
        CHECK(found->json == answer);
        CHECK(found->response.is_answer);
    }
}

TEST_CASE("an error is a response; the text after it is for people")
{
    const auto found = find_in("{\"error\":\"the request is too old\"}\n\nMake a new offer.");
    REQUIRE(found);
    CHECK_FALSE(found->response.is_answer);
    CHECK(found->response.error == "the request is too old");
}

TEST_CASE("a reply stays readable when a mail program wraps it, or sends it as HTML alone")
{
    std::string wrapped = answer;
    for (std::size_t i = 10; i < wrapped.size(); i += 11)
        wrapped.insert(i, "\n");
    REQUIRE(find_in(wrapped));
    CHECK(find_in(wrapped)->json == answer);
    REQUIRE(find_in("<div>" + answer + "</div>", true));
    CHECK(find_in("<div>" + answer + "</div>", true)->json == answer);
}

TEST_CASE("bounces, requests and answers without a session description are no responses")
{
    for (const char* text :
         {"", "{", "{\"", "Delivery failed", R"({"answer":"v=0"})",
          R"({"answer":"{\"type\":\"offer\",\"sdp\":\"v=0\"}"})", R"({"error":""})",
          R"({"offer":"{\"type\":\"offer\",\"sdp\":\"v=0\"}"})",
          R"({"answer":"{\"type\":\"answer\",\"sdp\":\"v=0\"}")"}) {
        CAPTURE(std::string(text));
        CHECK_FALSE(find_in(text));
    }
}
