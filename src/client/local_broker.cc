#include "client/local_broker.hh"

#include "client/client_failure.hh"
#include "client/listener.hh"
#include "client/main_loop.hh"
#include "client/page.hh"
#include "client/routes.hh"
#include "fd.hh"
#include "handle.hh"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <microhttpd.h>
#include <netinet/in.h>
#include <optional>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;
using ResponseHandle = Handle<MHD_Response, MHD_destroy_response>;

constexpr auto patience = 10s; // with a peer that sends its request, or takes its response

[[noreturn]] void fail(const char* what)
{
    throw ClientFailure(std::string(what) + ": " + std::strerror(errno));
}

// Bound to a loopback address, and listening.
Fd listening_socket(bool is_ipv6, unsigned port)
{
    constexpr int on = 1;
    Fd fd(socket(is_ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    // Connections of a client that ended just now don't keep the port.
    setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in ipv4 = {};
    ipv4.sin_family = AF_INET;
    ipv4.sin_port = htons(static_cast<in_port_t>(port));
    ipv4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_in6 ipv6 = {};
    ipv6.sin6_family = AF_INET6;
    ipv6.sin6_port = ipv4.sin_port;
    ipv6.sin6_addr = in6addr_loopback;
    const int bound = is_ipv6
                          ? bind(fd.get(), reinterpret_cast<const sockaddr*>(&ipv6), sizeof ipv6)
                          : bind(fd.get(), reinterpret_cast<const sockaddr*>(&ipv4), sizeof ipv4);
    if (bound != 0 || listen(fd.get(), SOMAXCONN) != 0)
        fail("can't listen");
    return fd;
}

unsigned port_of(int fd)
{
    sockaddr_in6 address = {}; // the port is at the same place for IPv4
    socklen_t size = sizeof address;
    if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        fail("can't listen");
    return ntohs(address.sin6_port);
}

// With some descriptors left for mails and sendmail.
std::size_t most_connections()
{
    constexpr long others = 40, fewest = 8, most = 256;
    return static_cast<std::size_t>(std::clamp(sysconf(_SC_OPEN_MAX) - others, fewest, most));
}

// The words are for a person who looks.
std::string words_of(Refusal refusal)
{
    switch (refusal) {
    case Refusal::forbidden: return "Only programs of this machine are served, and no web page.\n";
    case Refusal::not_found: return "There is nothing here.\n";
    case Refusal::bad_method: return "This address takes another method.\n";
    case Refusal::too_large: return "The request is too large.\n";
    }
    return "";
}

ResponseHandle response_with(const std::string& text, const char* type)
{
    ResponseHandle response(MHD_create_response_from_buffer(
        text.size(), const_cast<char*>(text.data()), MHD_RESPMEM_MUST_COPY));
    if (!response)
        throw std::bad_alloc();
    MHD_add_response_header(response.get(), MHD_HTTP_HEADER_CONTENT_TYPE, type);
    return response;
}

} // namespace

struct LocalBroker::Server {
    // A connection, and the one request that it serves.
    struct Exchange {
        enum class State { reading, waiting, responding };

        Id id = 0;
        MHD_Connection* connection = nullptr; // borrowed
        int fd = -1;                          // borrowed
        State state = State::reading;
        std::optional<Page> page; // none until its head was read
        std::string body;         // of the request
        std::string response;
        std::size_t sent = 0; // of the response
        bool is_suspended = false;
        Source watch; // for a peer that hangs up while it waits
        Source limit; // of time
    };

    std::string host;
    unsigned port = 0;
    Ask ask;
    Gone gone;
    PageWork page;
    std::vector<std::string> hosts;
    std::size_t most = most_connections();
    std::map<Id, Exchange> exchanges; // by age
    Id last = 0;
    Handle<MHD_Daemon, MHD_stop_daemon> daemon;
    std::optional<Listener> listener;
    Source events, again; // of the daemon

    ~Server()
    {
        listener.reset();
        gone = [](Id) {}; // nobody is told
        for (auto& [id, exchange] : exchanges)
            resume(exchange); // or the library would abort
    }

    // The connections. libmicrohttpd calls these, in run().

    // A connection begins or ends.
    static void changed(void* self, MHD_Connection* connection, void** kept,
                        MHD_ConnectionNotificationCode code)
    {
        run_catching([&] {
            auto* server = static_cast<Server*>(self);
            if (code == MHD_CONNECTION_NOTIFY_STARTED)
                *kept = &server->begin(connection);
            else if (*kept)
                server->end(*static_cast<Exchange*>(*kept));
        });
    }

    static MHD_Result requested(void* self, MHD_Connection* connection, const char* path,
                                const char* method, const char*, const char* data,
                                std::size_t* size, void**)
    {
        const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
        auto* exchange = info ? static_cast<Exchange*>(info->socket_context) : nullptr;
        auto* server = static_cast<Server*>(self);
        bool goes_on = exchange;
        const auto handle = [&] {
            if (!exchange->page)
                server->read_head(*exchange, method, path);
            else if (*size > 0)
                goes_on = read_body(*exchange, data, *size);
            else
                server->serve(*exchange);
            *size = 0;
        };
        const auto refuse = [&] { goes_on = server->refuse_after_exception(*exchange); };
        if (goes_on && !run_catching(handle) && !run_catching(refuse))
            goes_on = false;
        return goes_on ? MHD_YES : MHD_NO; // no: the connection is closed
    }

    // Copies what is there of the response. When nothing is, the connection sleeps.
    static ssize_t read_response(void* kept, std::uint64_t, char* to, std::size_t size)
    {
        auto* exchange = static_cast<Exchange*>(kept);
        const std::size_t count = exchange->response.copy(to, size, exchange->sent);
        exchange->sent += count;
        if (count > 0)
            return static_cast<ssize_t>(count);
        if (exchange->state == Exchange::State::responding)
            return MHD_CONTENT_READER_END_OF_STREAM;
        exchange->is_suspended = true;
        MHD_suspend_connection(exchange->connection);
        return 0;
    }

    Exchange& begin(MHD_Connection* connection)
    {
        const Id id = ++last;
        Exchange& exchange = exchanges[id];
        exchange.id = id;
        exchange.connection = connection;
        exchange.fd =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        limit_time(exchange);
        return exchange;
    }

    void end(const Exchange& exchange)
    {
        const Id id = exchange.id;
        const bool is_waiting = exchange.state == Exchange::State::waiting;
        exchanges.erase(id);
        if (is_waiting)
            gone(id);
    }

    // Requests.

    void read_head(Exchange& exchange, const char* method, const char* path)
    {
        RequestHead head{method, path, {}};
        const auto note = [](void* fields, MHD_ValueKind, const char* name,
                             const char* value) -> MHD_Result {
            const auto add = [&] {
                static_cast<decltype(head.fields)*>(fields)->emplace_back(name, value ? value : "");
            };
            return run_catching(add) ? MHD_YES : MHD_NO;
        };
        MHD_get_connection_values(exchange.connection, MHD_HEADER_KIND, note, &head.fields);
        const auto found = find_page(head, hosts, bool(page));
        if (const auto* refusal = std::get_if<Refusal>(&found))
            refuse(exchange, *refusal, path);
        else
            exchange.page = std::get<Page>(found);
    }

    // False when there is too much of it.
    static bool read_body(Exchange& exchange, const char* data, std::size_t size)
    {
        if (exchange.body.size() + size > longest_body)
            return false;
        exchange.body.append(data, size);
        return true;
    }

    void serve(Exchange& exchange)
    {
        switch (*exchange.page) {
        case Page::poll: return poll(exchange);
        case Page::about: return tell_what_this_is(exchange);
        case Page::person: return show_page(exchange);
        case Page::hand_in: return queue_json(exchange, page.hand_in(exchange.body));
        case Page::state: return queue_json(exchange, page.state());
        }
    }

    void poll(Exchange& exchange)
    {
        const std::string body = std::exchange(exchange.body, {});
        constexpr std::string_view version = "1.0\n";
        if (!body.starts_with(version))
            return queue_json(exchange, R"({"error":"unsupported message version"})");
        const auto request = parse_poll_request(std::string_view(body).substr(version.size()));
        if (!request)
            return queue_json(exchange, R"({"error":"malformed poll request"})");
        exchange.response = "\n"; // white space, which may stand before JSON: its head goes at once
        const ResponseHandle response(MHD_create_response_from_callback(
            MHD_SIZE_UNKNOWN, 4096, read_response, &exchange, nullptr));
        if (!response)
            throw std::bad_alloc();
        MHD_add_response_header(response.get(), MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
        queue(exchange, MHD_HTTP_OK, *response, Exchange::State::waiting);
        exchange.limit.reset();
        exchange.watch = when_readable(exchange.fd, [&] { read_on(exchange); });
        ask(exchange.id, *request);
    }

    void tell_what_this_is(Exchange& exchange)
    {
        const std::string url = "http://" + hosts.front() + "/";
        const auto response = response_with(
            "This is snowflake-mail-client. It lets Snowflake meet its proxies by mail.\n"
            "In Snowflake's bridge line put url=" +
                url +
                " in place of the broker's URL.\n"
                "The manual page snowflake-mail-client(1) tells more.\n",
            "text/plain; charset=utf-8");
        queue(exchange, MHD_HTTP_OK, *response);
    }

    void show_page(Exchange& exchange)
    {
        const auto response = response_with(page_html(), "text/html; charset=utf-8");
        queue(exchange, MHD_HTTP_OK, *response, Exchange::State::responding, page_policy());
    }

    void refuse(Exchange& exchange, Refusal refusal, const char* path)
    {
        const auto response = response_with(words_of(refusal), "text/plain; charset=utf-8");
        if (refusal == Refusal::bad_method)
            MHD_add_response_header(response.get(), MHD_HTTP_HEADER_ALLOW,
                                    allowed_methods(path, bool(page)).c_str());
        queue(exchange, static_cast<unsigned>(refusal), *response);
    }

    // False when the connection has to be closed.
    bool refuse_after_exception(Exchange& exchange)
    {
        constexpr auto error = R"({"error":"internal error"})";
        switch (exchange.state) {
        case Exchange::State::reading: queue_json(exchange, error); return true;
        case Exchange::State::waiting: return respond(exchange.id, error);
        case Exchange::State::responding: break;
        }
        return false;
    }

    // Responses.

    void queue_json(Exchange& exchange, const std::string& json)
    {
        queue(exchange, MHD_HTTP_OK, *response_with(json, "application/json"));
    }

    void queue(Exchange& exchange, unsigned status, MHD_Response& response,
               Exchange::State state = Exchange::State::responding,
               const std::string& policy = "default-src 'none'; frame-ancestors 'none'")
    {
        // One request each: a peer that hangs up can't be mistaken for one that asks again.
        MHD_add_response_header(&response, MHD_HTTP_HEADER_CONNECTION, "close");
        // For browsers: what stands here is for nobody else, and nothing is kept.
        MHD_add_response_header(&response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
        MHD_add_response_header(&response, "X-Content-Type-Options", "nosniff");
        MHD_add_response_header(&response, "Referrer-Policy", "no-referrer");
        MHD_add_response_header(&response, "Content-Security-Policy", policy.c_str());
        exchange.state = state;
        if (MHD_queue_response(exchange.connection, status, &response) != MHD_YES)
            throw std::runtime_error("no response is possible");
        limit_time(exchange);
    }

    bool respond(Id id, std::string_view poll_response)
    {
        const auto found = exchanges.find(id);
        if (found == exchanges.end() || found->second.state != Exchange::State::waiting)
            return false;
        Exchange& exchange = found->second;
        exchange.response.append(poll_response);
        exchange.state = Exchange::State::responding;
        limit_time(exchange);
        resume(exchange);
        return true;
    }

    // Peers.

    void resume(Exchange& exchange)
    {
        exchange.watch.reset();
        if (!std::exchange(exchange.is_suspended, false))
            return;
        MHD_resume_connection(exchange.connection);
        run_again(); // it doesn't wake its epoll descriptor
    }

    // The library doesn't look at a connection that sleeps. Nothing that the peer sends now is of
    // use.
    void read_on(Exchange& exchange)
    {
        char ignored[4096];
        const ssize_t count = recv(exchange.fd, ignored, sizeof ignored, MSG_DONTWAIT);
        if (count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR)))
            return;
        exchange.state = Exchange::State::responding; // an empty response, to nobody
        shutdown(exchange.fd, SHUT_RDWR);
        resume(exchange);
        gone(exchange.id);
    }

    // The library sees that as a peer that hangs up.
    void limit_time(Exchange& exchange)
    {
        exchange.limit = after(patience, [fd = exchange.fd] { shutdown(fd, SHUT_RDWR); });
    }

    void add(Fd peer)
    {
        if (exchanges.size() >= most) {
            const auto oldest =
                std::find_if(exchanges.begin(), exchanges.end(), [](const auto& one) {
                    return one.second.state != Exchange::State::waiting;
                });
            if (oldest == exchanges.end())
                return; // all wait for their answers: this one has to come again
            shutdown(oldest->second.fd, SHUT_RDWR);
            run(); // it ends
        }
        sockaddr_in somebody = {}; // nobody asks who it is
        somebody.sin_family = AF_INET;
        MHD_add_connection(daemon.get(), peer.release(), reinterpret_cast<sockaddr*>(&somebody),
                           sizeof somebody);
    }

    // The daemon.

    void start()
    {
        daemon.reset(MHD_start_daemon(
            MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET, 0, nullptr,
            nullptr, requested, this, MHD_OPTION_NOTIFY_CONNECTION, changed, this,
            MHD_OPTION_CONNECTION_LIMIT, static_cast<unsigned>(most) + 1, MHD_OPTION_END));
        if (!daemon)
            fail("can't serve HTTP");
        const auto* info = MHD_get_daemon_info(daemon.get(), MHD_DAEMON_INFO_EPOLL_FD);
        events = when_readable(info->epoll_fd, [this] { run(); });
    }

    void run()
    {
        unsigned long long wait = 0;
        if (MHD_run(daemon.get()) != MHD_YES)
            throw ClientFailure("can't serve HTTP any more");
        if (MHD_get_timeout(daemon.get(), &wait) == MHD_YES && wait == 0)
            run_again(); // there is more to do than it did
    }

    void run_again()
    {
        again = after(0ms, [this] { run(); });
    }
};

LocalBroker::LocalBroker(const std::string& host, unsigned port, Ask ask, Gone gone, PageWork page)
    : server_(std::make_unique<Server>())
{
    Server& server = *server_;
    server.ask = std::move(ask);
    server.gone = std::move(gone);
    server.page = std::move(page);
    Fd socket = listening_socket(host.starts_with('['), port);
    server.port = port_of(socket.get());
    server.hosts = own_hosts(host, server.port);
    server.start();
    server.listener.emplace(std::move(socket), [&server](Fd peer) { server.add(std::move(peer)); });
}

LocalBroker::~LocalBroker() = default;

unsigned LocalBroker::port() const { return server_->port; }

bool LocalBroker::respond(Id id, const std::string& poll_response)
{
    return server_->respond(id, poll_response);
}
