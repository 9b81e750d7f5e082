#include "recover/meant.hh"

#include <doctest/doctest.h>

namespace {

PollRequest request(const std::string& session)
{
    return {R"({"type":"offer","sdp":"v=0\r\no=- )" + session + R"( 2 IN IP4 0.0.0.0\r\n"})", "",
            ""};
}

const std::string first = "100000001", second = "200000002";
const std::string begun = "{\"offer\":", words = "hello";

Finding found(const std::string& session) { return {request(session), std::nullopt, false}; }

Finding damaged(const std::string& session, Defect defect = Defect::altered)
{
    return {std::nullopt, DamagedRequest{defect, "v=0\\r\\no=- " + session + " 2 IN IP"}, false};
}

} // namespace

TEST_CASE("what is left of a request may have been another one only with its session's number")
{
    CHECK(may_have_been("v=0\\r\\no=- 471147114711 2 IN IP4", request("471147114711")));
    CHECK(may_have_been("v=0\no=-\n4711\n47114711 2 IN", request("471147114711"))); // wrapped
    CHECK_FALSE(may_have_been("v=0\\r\\no=- 471247114711 2 IN IP4", request("471147114711")));
    CHECK(may_have_been("v=0\\r\\no=- 47", request("471147114711"))); // cut off
    CHECK_FALSE(may_have_been("v=0\\r\\no=- 48", request("471147114711")));
    CHECK(may_have_been(R"({\"type\":\"off)", request("471147114711")));
    CHECK_FALSE(may_have_been(R"({\"sdp\":\"v=)", request("471147114711")));
    CHECK_FALSE(may_have_been("", request("471147114711")));
}

TEST_CASE("the first request that is found is meant")
{
    MeantRequest meant;
    CHECK_FALSE(meant.see(words, {}));
    CHECK(meant.see(begun, found(first)));
    CHECK_FALSE(meant.defect());
}

TEST_CASE("a request below one that can't be read is meant only if it is the same")
{
    for (const std::string& session : {first, second}) {
        MeantRequest meant;
        CHECK_FALSE(meant.see(begun, damaged(first)));
        REQUIRE(meant.go_deeper());
        CHECK(meant.see(begun, found(session)) == (session == first));
        CHECK(meant.defect() == Defect::altered);
    }
}

TEST_CASE("a request with a damaged one in front of it is meant only if that is the same")
{
    for (const std::string& session : {first, second}) {
        Finding both = damaged(first);
        both.request = request(session);
        MeantRequest meant;
        CHECK(meant.see(begun, both) == (session == first));
    }
}

TEST_CASE("below something that begins a request and leaves no trace of its session none is meant")
{
    MeantRequest meant;
    CHECK_FALSE(meant.see(begun, {}));
    CHECK(meant.see(begun, found(first))); // at the same depth it may be the same
    CHECK_FALSE(meant.go_deeper());
    CHECK_FALSE(meant.see(begun, found(first)));
    CHECK_FALSE(meant.defect());
}

TEST_CASE("where the marks of quotations are not seen yet, nothing damaged is taken note of")
{
    MeantRequest meant;
    CHECK_FALSE(meant.see("<div>&gt; " + begun, damaged(first)));
    CHECK_FALSE(meant.defect());
    CHECK(meant.see(begun, found(second)));
    MeantRequest below;
    CHECK_FALSE(below.see("<div>&gt; " + begun, {}));
    REQUIRE(below.go_deeper());
    CHECK(below.see(begun, found(first)));
    MeantRequest whole;
    CHECK(whole.see("<div>&gt; " + begun, found(first)));
}

TEST_CASE("words hide nothing that is quoted or attached")
{
    MeantRequest meant;
    CHECK_FALSE(meant.see(words, {}));
    REQUIRE(meant.go_deeper());
    CHECK(meant.see(begun, found(first)));
}

TEST_CASE("the defect is that of the first damaged request, and of none that is quoted below")
{
    MeantRequest meant;
    meant.see(begun, damaged(first, Defect::truncated));
    meant.see(begun, damaged(second, Defect::malformed));
    CHECK(meant.defect() == Defect::truncated);

    MeantRequest below;
    below.see(begun, {});
    below.go_deeper();
    below.see(begun, damaged(first));
    CHECK_FALSE(below.defect());
}

TEST_CASE("another message version is the defect where there is no other")
{
    MeantRequest meant;
    meant.see(begun, {std::nullopt, std::nullopt, true});
    CHECK(meant.defect() == Defect::unsupported_version);
    meant.see(begun, damaged(first));
    CHECK(meant.defect() == Defect::altered);
}
