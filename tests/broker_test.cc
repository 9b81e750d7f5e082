#include "broker.hh"

#include <array>
#include <doctest/doctest.h>
#include <future>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace std::chrono_literals;

namespace {

const PollRequest request = {R"({"type":"offer","sdp":"v=0"})", "unknown", ""};
const std::string body =
    "1.0\n"
    R"({"nat":"unknown","offer":"{\"type\":\"offer\",\"sdp\":\"v=0\"}"})";
const std::string answer = R"({"answer":"{\"type\":\"answer\",\"sdp\":\"v=0\"}"})"
                           "\n";

// A broker on loopback for one request, of which it records every byte: what the whole-program
// cases can't show. Silent without a response.
class Broker {
  public:
    explicit Broker(const std::string& json)
    {
        sockaddr_in address = {.sin_family = AF_INET,
                               .sin_port = 0,
                               .sin_addr = {htonl(INADDR_LOOPBACK)},
                               .sin_zero = {}};
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        REQUIRE((bind(socket_, generic, size) == 0 && listen(socket_, 8) == 0 &&
                 getsockname(socket_, generic, &size) == 0));
        port = std::to_string(ntohs(address.sin_port));
        settings.url = "http://127.0.0.1:" + port + "/";
        if (!json.empty())
            request_ = std::async(std::launch::async, [this, json] { return serve(json); });
    }
    ~Broker() { close(socket_); }
    Broker(const Broker&) = delete;
    Broker& operator=(const Broker&) = delete;

    std::string request() { return request_.get(); }
    bool was_called() const { return wait_for(socket_, POLLIN, Clock::now()); }

    std::string port;
    Settings::Broker settings;

  private:
    std::string serve(const std::string& json) const
    {
        std::string text;
        if (!wait_for(socket_, POLLIN, Clock::now() + 5s))
            return text;
        const int connection = accept(socket_, nullptr, nullptr);
        std::array<char, 65536> buffer;
        for (ssize_t count = 1; count > 0 && !text.ends_with('}') &&
                                wait_for(connection, POLLIN, Clock::now() + 5s);) {
            count = read(connection, buffer.data(), buffer.size());
            text.append(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        }
        const std::string response =
            "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(json.size()) + "\r\n\r\n" + json;
        [[maybe_unused]] const auto sent =
            send(connection, response.data(), response.size(), MSG_NOSIGNAL);
        close(connection);
        return text;
    }

    int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::future<std::string> request_;
};

// The broker's answer, or the word for the problem.
std::string outcome(const BrokerResult& result)
{
    const auto* found = std::get_if<Answer>(&result.reply);
    return found ? found->json : word_of(reason_of(result.reply));
}

BrokerResult ask(const Settings::Broker& settings, Clock::time_point until = Clock::now() + 10s)
{
    return ask_broker(request, settings, until, [] { return true; });
}

} // namespace

TEST_CASE(
    "the broker is asked with what HTTP needs and nothing that tells who asks: no User-Agent, "
    "Accept or Content-Type")
{
    Broker broker(answer);
    const auto before = std::chrono::system_clock::now();
    const BrokerResult result = ask(broker.settings);
    REQUIRE(outcome(result) == answer);
    const auto received = std::get<Answer>(result.reply).received;
    CHECK((received >= before && received <= std::chrono::system_clock::now()));
    CHECK(broker.request() == "POST /client HTTP/1.1\r\nHost: 127.0.0.1:" + broker.port +
                                  "\r\nContent-Length: " + std::to_string(body.size()) +
                                  "\r\n\r\n" + body);
}

TEST_CASE(
    "domain fronting, RFC 9110 7.2: the connection goes to a front, Host names the broker and its "
    "port")
{
    Broker broker(answer);
    broker.settings.url = "http://broker.invalid:" + broker.port + "/path/";
    broker.settings.fronts = {"127.0.0.1", "localhost"};
    CHECK(outcome(ask(broker.settings)) == answer);
    const std::string expected =
        "POST /path/client HTTP/1.1\r\nHost: broker.invalid:" + broker.port +
        "\r\nContent-Length: ";
    CHECK(broker.request().substr(0, expected.size()) == expected);
}

TEST_CASE("the proxy of the settings is used whatever NO_PROXY says, one in the environment never")
{
    Broker proxy(answer), broker(answer);
    Settings::Broker settings;
    settings.url = "http://broker.invalid/";
    settings.proxy = "http://127.0.0.1:" + proxy.port;
    setenv("NO_PROXY", "*", 1);
    CHECK(outcome(ask(settings)) == answer);
    unsetenv("NO_PROXY");
    const std::string seen = proxy.request();
    CHECK(
        seen.starts_with("POST http://broker.invalid/client HTTP/1.1\r\nHost: broker.invalid\r\n"));
    CHECK(seen.find("User-Agent") == std::string::npos);

    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    CHECK(outcome(ask(broker.settings)) == answer);
    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
}

TEST_CASE("there is no attempt when the time for asking is over, and none lasts longer")
{
    const Broker silent("");
    const BrokerResult none = ask(silent.settings, Clock::now() - 1ms);
    CHECK((outcome(none) == "broker-failed" && none.attempts == 0));
    CHECK_FALSE(silent.was_called());
    const auto start = Clock::now();
    const BrokerResult one = ask(silent.settings, start + 100ms);
    CHECK((outcome(one) == "broker-failed" && one.attempts == 1));
    CHECK(Clock::now() - start < 2s);
    CHECK(silent.was_called());
}

TEST_CASE("the probe asks with a version that spends no proxy, and knows a broker by its answer")
{
    Broker broker(R"({"error":"unsupported message version"})"), other("<html>");
    CHECK(probe_broker(broker.settings, Clock::now() + 10s) == std::nullopt);
    CHECK(broker.request().ends_with("\r\n\r\n0.0\n{}"));
    CHECK(probe_broker(other.settings, Clock::now() + 10s) ==
          "HTTP status 200, but not a Snowflake broker's response");
}
