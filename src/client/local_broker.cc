#include "client/local_broker.hh"

#include "failure.hh"
#include "handle.hh"

#include <algorithm>
#include <cerrno>
#include <libsoup/soup.h>
#include <map>
#include <sys/socket.h>

namespace {

constexpr std::size_t longest_request = 100000; // as Snowflake's broker

void end_with(SoupServerMessage* message, unsigned status, const std::string& text)
{
    soup_server_message_set_status(message, status, nullptr);
    soup_server_message_set_response(message, "application/json", SOUP_MEMORY_COPY, text.data(),
                                     text.size());
}

bool is_from_web_page(SoupServerMessage* message, const std::string& host, unsigned port)
{
    SoupMessageHeaders* headers = soup_server_message_get_request_headers(message); // borrowed
    if (soup_message_headers_get_one(headers, "Origin") ||
        soup_message_headers_get_one(headers, "Sec-Fetch-Site"))
        return true;
    // A name that somebody else's DNS points at this machine (DNS rebinding) isn't ours.
    const char* named = soup_message_headers_get_one(headers, "Host");
    const std::string suffix = ":" + std::to_string(port);
    return !named || (named != host + suffix && named != "localhost" + suffix);
}

} // namespace

struct LocalBroker::Server {
    std::string host;
    unsigned port = 0;
    Ask ask;
    Gone gone;
    GObjectHandle<SoupServer> soup;
    std::map<Id, GObjectHandle<SoupServerMessage>> open;
    Id last = 0;

    static void handle(SoupServer*, SoupServerMessage* message, const char*, GHashTable*,
                       gpointer self)
    {
        static_cast<Server*>(self)->handle(message);
    }

    // libsoup doesn't look at a connection that it has nothing to write to.
    static gboolean peer_moves(GSocket* socket, GIOCondition, gpointer self)
    {
        char octet = 0;
        const ssize_t count = recv(g_socket_get_fd(socket), &octet, 1, MSG_PEEK | MSG_DONTWAIT);
        if (count > 0)
            return G_SOURCE_REMOVE; // another request; its turn comes later
        if (count < 0 && (errno == EAGAIN || errno == EINTR))
            return G_SOURCE_CONTINUE;
        static_cast<Server*>(self)->drop([&](SoupServerMessage* message) {
            return soup_server_message_get_socket(message) == socket;
        });
        return G_SOURCE_REMOVE;
    }

    static void finished(SoupServerMessage* ended, gpointer self)
    {
        static_cast<Server*>(self)->drop(
            [&](SoupServerMessage* message) { return message == ended; });
    }

    void drop(const std::function<bool(SoupServerMessage*)>& is_it)
    {
        const auto found = std::find_if(
            open.begin(), open.end(), [&](const auto& entry) { return is_it(entry.second.get()); });
        if (found == open.end())
            return;
        const Id id = found->first;
        open.erase(found);
        gone(id);
    }

    void handle(SoupServerMessage* message)
    {
        if (is_from_web_page(message, host, port))
            return end_with(message, SOUP_STATUS_FORBIDDEN, "");
        if (g_strcmp0(soup_server_message_get_method(message), "POST") != 0)
            return end_with(message, SOUP_STATUS_METHOD_NOT_ALLOWED, "");
        const SoupMessageBody* body = soup_server_message_get_request_body(message); // borrowed
        const std::string_view text(body->data ? body->data : "",
                                    static_cast<std::size_t>(body->length));
        constexpr std::string_view version = "1.0\n";
        if (text.size() > longest_request)
            return end_with(message, SOUP_STATUS_BAD_REQUEST, "");
        if (!text.starts_with(version))
            return end_with(message, SOUP_STATUS_OK, R"({"error":"unsupported message version"})");
        const auto request = parse_poll_request(text.substr(version.size()));
        if (!request)
            return end_with(message, SOUP_STATUS_OK, R"({"error":"malformed poll request"})");

        const Id id = ++last;
        open.emplace(id,
                     GObjectHandle<SoupServerMessage>(SOUP_SERVER_MESSAGE(g_object_ref(message))));
        g_signal_connect(message, "finished", G_CALLBACK(finished), this);
        const Handle<GSource, g_source_unref> watch(
            g_socket_create_source(soup_server_message_get_socket(message), G_IO_IN, nullptr));
        g_source_set_callback(watch.get(),
                              reinterpret_cast<GSourceFunc>(reinterpret_cast<void*>(peer_moves)),
                              this, nullptr);
        g_source_attach(watch.get(), nullptr);
        SoupMessageHeaders* headers = soup_server_message_get_response_headers(message); // borrowed
        soup_server_message_set_status(message, SOUP_STATUS_OK, nullptr);
        soup_message_headers_set_encoding(headers, SOUP_ENCODING_CHUNKED);
        soup_message_headers_set_content_type(headers, "application/json", nullptr);
        soup_message_body_append(soup_server_message_get_response_body(message), SOUP_MEMORY_STATIC,
                                 "\n",
                                 1); // white space before JSON is harmless
        ask(id, *request);
    }
};

LocalBroker::LocalBroker(const std::string& host, unsigned port, Ask ask, Gone gone)
    : server_(std::make_unique<Server>())
{
    server_->host = host;
    server_->ask = std::move(ask);
    server_->gone = std::move(gone);
    server_->soup.reset(soup_server_new(nullptr, nullptr));
    SoupServer* soup = server_->soup.get(); // borrowed
    soup_server_add_handler(soup, "/client", Server::handle, server_.get(), nullptr);
    const bool is_ipv6 = host.starts_with('[');
    const GObjectHandle<GSocketAddress> address(
        g_inet_socket_address_new_from_string(is_ipv6 ? "::1" : "127.0.0.1", port));
    GError* raw_error = nullptr;
    const bool listens =
        soup_server_listen(soup, address.get(), SoupServerListenOptions(0), &raw_error);
    const Handle<GError, g_error_free> error(raw_error);
    if (!listens)
        throw Failure(Reason::internal, std::string("can't listen: ") + error->message);
    GSList* uris = soup_server_get_uris(soup);
    server_->port = static_cast<unsigned>(g_uri_get_port(static_cast<GUri*>(uris->data)));
    g_slist_free_full(uris, reinterpret_cast<GDestroyNotify>(g_uri_unref));
}

LocalBroker::~LocalBroker()
{
    server_->gone = [](Id) {};
}

unsigned LocalBroker::port() const { return server_->port; }

bool LocalBroker::respond(Id id, const std::string& poll_response)
{
    const auto found = server_->open.find(id);
    if (found == server_->open.end())
        return false;
    const GObjectHandle<SoupServerMessage> message = std::move(found->second);
    server_->open.erase(found);
    SoupMessageBody* body = soup_server_message_get_response_body(message.get()); // borrowed
    soup_message_body_append(body, SOUP_MEMORY_COPY, poll_response.data(), poll_response.size());
    soup_message_body_complete(body);
    soup_server_message_unpause(message.get());
    return true;
}
