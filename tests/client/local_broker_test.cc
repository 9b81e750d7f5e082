#include "client/local_broker.hh"

#include "client/client_failure.hh"
#include "helpers.hh"

#include <algorithm>
#include <doctest/doctest.h>
#include <new>
#include <stdexcept>
#include <vector>

namespace {

const std::string last_chunk = "\r\n0\r\n\r\n"; // RFC 9112 7.1

// A broker on a free port that notes what it is asked.
struct Broker {
    std::vector<LocalBroker::Id> asked, gone;
    std::vector<PollRequest> requests;
    LocalBroker broker{"127.0.0.1", 0,
                       [this](LocalBroker::Id id, const PollRequest& request) {
                           asked.push_back(id);
                           requests.push_back(request);
                       },
                       [this](LocalBroker::Id id) { gone.push_back(id); }};

    HttpPeer peer() const
    {
        HttpPeer one(broker.port());
        REQUIRE(one.is_connected());
        return one;
    }
};

} // namespace

TEST_CASE("a good request is asked, its head comes at once, and the response ends the exchange")
{
    Broker one;
    HttpPeer peer = one.peer();
    peer.send(poll_request);
    REQUIRE(iterate_until([&] { return peer.has("\r\n\r\n"); }));
    CHECK(peer.received().starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(peer.received().find("application/json") != std::string::npos);
    REQUIRE(one.asked.size() == 1);
    CHECK(one.requests.front().nat == "unrestricted");
    CHECK_FALSE(peer.has(last_chunk));

    CHECK(one.broker.respond(one.asked.front(), poll_answer));
    REQUIRE(iterate_until([&] { return peer.has(last_chunk); }));
    CHECK(peer.has("\r\n" + poll_answer + last_chunk));
    CHECK_FALSE(one.broker.respond(one.asked.front(), poll_answer));
    CHECK(one.gone.empty());
}

TEST_CASE("requests of several peers each have their own response, and then the connection ends")
{
    Broker one;
    HttpPeer first = one.peer(), second = one.peer();
    first.send(poll_request);
    REQUIRE(iterate_until([&] { return first.has("") && one.asked.size() == 1; }));
    second.send(poll_request);
    REQUIRE(iterate_until([&] { return second.has("") && one.asked.size() == 2; }));
    CHECK(first.has("\r\nConnection: close\r\n"));
    CHECK(one.broker.respond(one.asked[1], "two"));
    CHECK(one.broker.respond(one.asked[0], "one"));
    REQUIRE(iterate_until([&] { return first.has(last_chunk) && second.has(last_chunk); }));
    CHECK(first.has("\r\none" + last_chunk));
    CHECK(second.has("\r\ntwo" + last_chunk));
    CHECK(iterate_until([&] { return first.has_ended() && second.has_ended(); }));
    CHECK(one.gone.empty());
}

TEST_CASE("a response may be large, and may come before the request is asked to its end")
{
    const std::string large = '"' + std::string(1000000, 'x') + '"';
    LocalBroker* there = nullptr;
    bool is_sent = false;
    LocalBroker broker(
        "127.0.0.1", 0,
        [&](LocalBroker::Id id, const PollRequest&) { is_sent = there->respond(id, large); },
        [](LocalBroker::Id) {});
    there = &broker;
    HttpPeer peer(broker.port());
    peer.send(poll_request);
    REQUIRE(iterate_until([&] { return peer.has(last_chunk); }));
    CHECK(is_sent);
    CHECK(std::count(peer.received().begin(), peer.received().end(), 'x') == 1000000);
}

TEST_CASE("requests that a web page may have made are refused: by Origin, Sec-Fetch-Site and Host")
{
    Broker one;
    const std::string host = one.peer().host_field(),
                      localhost = "Host: localhost" + host.substr(15);
    for (const std::string& fields :
         {host + "Origin: https://example.com\r\n", host + "Sec-Fetch-Site: cross-site\r\n",
          host + "Host: rebound.example\r\n", std::string("Host: rebound.example\r\n"),
          std::string("Host: 127.0.0.1\r\n"), "Host: 127.0.0.2" + host.substr(15),
          localhost.substr(0, 15) + ":1\r\n"}) {
        CAPTURE(fields);
        HttpPeer peer = one.peer();
        peer.send(poll_request, fields);
        REQUIRE(iterate_until([&] { return peer.has("\r\n\r\n"); }));
        CHECK(peer.has("HTTP/1.1 403 "));
    }
    CHECK(one.asked.empty());
    HttpPeer peer = one.peer();
    peer.send(poll_request, localhost);
    REQUIRE(iterate_until([&] { return peer.has(""); }));
    CHECK(peer.has("HTTP/1.1 200 "));
    CHECK(one.asked.size() == 1);
}

TEST_CASE("another method or path, and a request that is too large, are refused")
{
    Broker one;
    const auto status_of = [&](const std::string& start, const std::string& body) {
        HttpPeer peer = one.peer();
        peer.send(body, "", start);
        iterate_until([&] { return peer.has("\r\n\r\n"); });
        return peer.received().substr(0, 12);
    };
    const auto padded = [](std::size_t size) { // white space may follow JSON
        return poll_request + std::string(size - poll_request.size(), ' ');
    };
    CHECK(status_of("GET /client", "") == "HTTP/1.1 405");
    CHECK(status_of("PUT /client", poll_request) == "HTTP/1.1 405");
    CHECK(status_of("POST /other", poll_request) == "HTTP/1.1 404");
    CHECK(status_of("POST /client", padded(100001)) == "HTTP/1.1 413");
    CHECK(one.asked.empty());
    CHECK(status_of("POST /client", padded(100000)) == "HTTP/1.1 200");
    CHECK(one.asked.size() == 1);
}

TEST_CASE("what is refused is refused at its head, before anything of its body comes")
{
    Broker one;
    const std::string host = one.peer().host_field(), large = "Content-Length: 1000000000\r\n",
                      post = "POST /client HTTP/1.1\r\n";
    for (const auto& [head, status] : std::vector<std::pair<std::string, std::string>>{
             {post + host + large, "413"},
             {post + host + "Content-Length: 100001\r\nExpect: 100-continue\r\n", "413"},
             {post + host + "Origin: https://example.com\r\n" + large, "403"},
             {post + "Host: rebound.example\r\nContent-Length: 5\r\nExpect: 100-continue\r\n",
              "403"},
             {post + "Host: rebound.example\r\nTransfer-Encoding: chunked\r\n", "403"},
             {"PUT /client HTTP/1.1\r\n" + host + large, "405"},
             {"POST /other HTTP/1.1\r\n" + host + large, "404"},
             {post + host + "Content-Length: 99999999999999999999999\r\n", "413"},
             {post + host + "Content-Length: -1\r\n", "400"},
             {post + host + "X: " + std::string(50000, 'x') + "\r\n", "431"}}) {
        CAPTURE(head.substr(0, 200));
        HttpPeer peer = one.peer();
        peer.send_octets(head + "\r\n");
        CHECK(iterate_until([&] { return peer.has_ended(); }));
        CHECK(peer.received().starts_with("HTTP/1.1 " + status + " "));
        CHECK(peer.received().find("\r\nConnection: close\r\n") != std::string::npos);
    }
    CHECK(one.asked.empty());
}

TEST_CASE("a body may come in chunks, or after 100 Continue, and one without an end is cut off")
{
    Broker one;
    const std::string head = "POST /client HTTP/1.1\r\n" + one.peer().host_field();
    const auto chunk = [](const std::string& text) {
        std::ostringstream written;
        written << std::hex << text.size() << "\r\n" << text << "\r\n";
        return written.str();
    };
    HttpPeer small = one.peer();
    small.send_octets(head + "Transfer-Encoding: chunked\r\n\r\n");
    small.send_octets(chunk(poll_request.substr(0, 10)));
    small.send_octets(chunk(poll_request.substr(10)) + "0\r\n\r\n");
    CHECK(iterate_until([&] { return small.has("HTTP/1.1 200 "); }));

    HttpPeer careful = one.peer();
    careful.send_octets(head + "Expect: 100-continue\r\nContent-Length: " +
                        std::to_string(poll_request.size()) + "\r\n\r\n");
    REQUIRE(iterate_until([&] { return careful.has("\r\n\r\n"); }));
    CHECK(careful.received() == "HTTP/1.1 100 Continue\r\n\r\n");
    careful.send_octets(poll_request);
    CHECK(iterate_until([&] { return careful.has("HTTP/1.1 200 "); }));
    CHECK(one.asked.size() == 2);

    HttpPeer endless = one.peer();
    endless.send_octets(head + "Transfer-Encoding: chunked\r\n\r\n");
    std::size_t chunks = 0;
    CHECK(iterate_until([&] {
        endless.send_octets(chunk(std::string(10000, ' ')));
        return ++chunks > 10 && endless.has_ended();
    }));
    CHECK(chunks < 200); // not only when its time is over
    CHECK(one.asked.size() == 2);
}

TEST_CASE("a person who looks at it with a browser is told what it is")
{
    Broker one;
    const std::string host = one.peer().host_field();
    for (const std::string& fields :
         {host, host + "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\n",
          host + "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n" +
              "Sec-Fetch-Dest: document\r\n"}) {
        CAPTURE(fields);
        HttpPeer peer = one.peer();
        peer.send("", fields, "GET /");
        REQUIRE(iterate_until([&] { return peer.has_ended(); }));
        CHECK(peer.received().starts_with("HTTP/1.1 200 "));
        CHECK(peer.has("This is snowflake-mail-client."));
        CHECK(peer.has("url=http://127.0.0.1:" + std::to_string(one.broker.port()) + "/"));
    }
    HttpPeer page = one.peer();
    page.send("", host + "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n", "GET /");
    REQUIRE(iterate_until([&] { return page.has_ended(); }));
    CHECK(page.received().starts_with("HTTP/1.1 403 "));
}

TEST_CASE(
    "what a peer sends behind its request changes nothing, and that it hangs up is still seen")
{
    Broker one;
    HttpPeer peer = one.peer();
    peer.send(poll_request);
    REQUIRE(iterate_until([&] { return peer.has("\r\n\r\n"); }));
    peer.send(poll_request);
    peer.send_octets(std::string(100000, 'x'));
    REQUIRE(run_what_waits());
    CHECK(one.asked.size() == 1);
    SUBCASE("it waits")
    {
        CHECK(one.broker.respond(one.asked.front(), "one"));
        CHECK(iterate_until([&] { return peer.has("\r\none" + last_chunk); }));
        CHECK(iterate_until([&] { return peer.has_ended(); }));
        CHECK(one.gone.empty());
    }
    SUBCASE("it hangs up")
    {
        peer.hang_up();
        CHECK(iterate_until([&] { return one.gone == one.asked; }));
    }
    CHECK(one.asked.size() == 1);
}

TEST_CASE("a crowd that asks nothing keeps out nobody, and those who wait for an answer stay")
{
    Broker one;
    HttpPeer first = one.peer();
    first.send(poll_request);
    REQUIRE(iterate_until([&] { return one.asked.size() == 1; }));
    std::vector<HttpPeer> crowd;
    for (int i = 0; i < 400; ++i) {
        crowd.push_back(one.peer());
        crowd.back().send_octets("POST ");
        REQUIRE(run_what_waits());
    }
    HttpPeer last = one.peer();
    last.send(poll_request);
    REQUIRE(iterate_until([&] { return one.asked.size() == 2; }));
    CHECK(crowd.front().has_ended());
    CHECK_FALSE(crowd.back().has_ended());
    CHECK(one.broker.respond(one.asked[0], "one"));
    CHECK(one.broker.respond(one.asked[1], "two"));
    CHECK(iterate_until(
        [&] { return first.has("\r\none" + last_chunk) && last.has("\r\ntwo" + last_chunk); }));
}

TEST_CASE("another version, and a body that is no poll request, get an error as the response")
{
    Broker one;
    for (const auto& [body, error] : std::vector<std::pair<std::string, std::string>>{
             {"", "unsupported message version"},
             {"2.0" + poll_request.substr(3), "unsupported message version"},
             {"1.0\n{}", "malformed poll request"},
             {poll_request + "x", "malformed poll request"}}) {
        CAPTURE(body);
        HttpPeer peer = one.peer();
        peer.send(body);
        REQUIRE(iterate_until([&] { return peer.has("\r\n\r\n{"); }));
        CHECK(peer.has("HTTP/1.1 200 "));
        CHECK(iterate_until([&] { return peer.has(R"({"error":")" + error + "\"}"); }));
    }
    CHECK(one.asked.empty());
}

TEST_CASE("a peer that hangs up is gone, and gets no response any more")
{
    Broker one;
    HttpPeer peer = one.peer();
    peer.send(poll_request);
    REQUIRE(iterate_until([&] { return peer.has(""); }));
    CHECK(one.gone.empty());
    peer.hang_up();
    REQUIRE(iterate_until([&] { return !one.gone.empty(); }));
    CHECK(one.gone == one.asked);
    CHECK_FALSE(one.broker.respond(one.asked.front(), poll_answer));
    CHECK_FALSE(one.broker.respond(12345, poll_answer));
}

TEST_CASE("an exception while a request is asked becomes an error response, and others are served")
{
    enum class Throw { runtime_error, bad_alloc, number, nothing } what = Throw::nothing;
    bool is_thrown_by_gone = false;
    unsigned asked = 0;
    LocalBroker broker(
        "127.0.0.1", 0,
        [&](LocalBroker::Id, const PollRequest&) {
            ++asked;
            switch (what) {
            case Throw::runtime_error: throw std::runtime_error("a fault");
            case Throw::bad_alloc: throw std::bad_alloc();
            case Throw::number: throw 1;
            case Throw::nothing: break;
            }
        },
        [&](LocalBroker::Id) {
            is_thrown_by_gone = true;
            throw std::runtime_error("another fault");
        });
    const std::vector<std::pair<Throw, std::string>> faults = {
        {Throw::runtime_error, "internal error: a fault\n"},
        {Throw::bad_alloc, "internal error: std::bad_alloc\n"},
        {Throw::number, "internal error: unknown\n"}};
    for (const auto& [fault, line] : faults) {
        CAPTURE(line);
        what = fault;
        HttpPeer peer(broker.port());
        peer.send(poll_request);
        bool has_ended = false;
        const std::string said = said_during(
            [&, &text = last_chunk] { has_ended = iterate_until([&] { return peer.has(text); }); });
        CHECK(has_ended);
        CHECK(peer.has("HTTP/1.1 200 "));
        CHECK(peer.has(R"({"error":"internal error"})"));
        CHECK(said == line);
    }
    what = Throw::nothing;
    HttpPeer peer(broker.port());
    peer.send(poll_request);
    REQUIRE(iterate_until([&] { return peer.has(""); }));
    CHECK(asked == 4);
    peer.hang_up();
    const std::string said = said_during([&] { iterate_until([&] { return is_thrown_by_gone; }); });
    CHECK(said == "internal error: another fault\n");
}

TEST_CASE("a broker that ends hangs up on those who wait, and leaves nothing in the main loop")
{
    auto one = std::make_unique<Broker>();
    HttpPeer peer = one->peer();
    peer.send(poll_request);
    REQUIRE(iterate_until([&] { return peer.has(""); }));
    one.reset();
    peer.hang_up();
    CHECK(run_what_waits());
}

TEST_CASE("a port that is taken is a fault that says so")
{
    const Broker one;
    const auto nothing = [](auto&&...) {};
    CHECK_THROWS_AS(LocalBroker("127.0.0.1", one.broker.port(), nothing, nothing), ClientFailure);
}
