// The client's HTTP: its guards by themselves, and a whole broker with a peer that sends the input.
#include "checks.hh"
#include "client/local_broker.hh"
#include "client/routes.hh"
#include "fd.hh"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <glib.h>
#include <netinet/in.h>
#include <optional>
#include <sys/socket.h>

namespace {

void check_guards(std::string_view input)
{
    RequestHead head;
    std::string_view line = without_line_feed(take_line(input));
    head.method = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(line.size(), head.method.size() + 1));
    head.path = line;
    bool has_origin = false, is_of_own_page = false, has_our_host = false;
    while (!input.empty()) {
        line = without_line_feed(take_line(input));
        const auto colon = std::min(line.find(": "), line.size());
        head.fields.emplace_back(line.substr(0, colon),
                                 line.substr(std::min(line.size(), colon + 2)));
        const auto& [name, value] = head.fields.back();
        has_origin = has_origin || name == "Origin";
        is_of_own_page = is_of_own_page || (name == "Origin" && value.ends_with(":7080"));
        has_our_host = has_our_host || head.fields.back().second == "127.0.0.1:7080" ||
                       g_ascii_strcasecmp(std::string(head.fields.back().second).c_str(),
                                          "localhost:7080") == 0;
    }
    for (const bool has_page : {false, true}) {
        const auto found = find_page(head, own_hosts("127.0.0.1", 7080), has_page);
        const auto* page = std::get_if<Page>(&found);
        if (!page)
            continue;
        const bool is_for_own_page = *page == Page::hand_in || *page == Page::state;
        check(has_our_host, "a request that is served names this machine");
        check(!has_origin || (is_for_own_page && is_of_own_page), "no other web page sends it");
        check(has_page || !is_for_own_page, "there is a page");
        check(allowed_methods(head.path, has_page).find(head.method) != std::string::npos,
              "it may do that");
    }
}

// What the broker was asked, and by whom it was left.
struct {
    std::optional<LocalBroker::Id> asked;
    int asks = 0, gone = 0;
} seen;

LocalBroker& broker()
{
    static LocalBroker one(
        "127.0.0.1", 0,
        [](LocalBroker::Id id, PollRequest request) {
            request.unknown_fields = 0; // these aren't written
            check_request(request);
            seen.asked = id;
            ++seen.asks;
        },
        [](LocalBroker::Id id) {
            check(seen.asked == id, "who is gone has asked");
            ++seen.gone;
        });
    return one;
}

void run_what_waits()
{
    while (g_main_context_iteration(nullptr, FALSE)) {
    }
}

Fd connect_to_broker()
{
    const linger reset = {1, 0}; // leaves no connection in TIME_WAIT
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<in_port_t>(broker().port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    Fd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        std::perror("connect");
        check(errno == EADDRNOTAVAIL, "the broker can be reached");
        return Fd(); // the system has no port left for now
    }
    return fd;
}

int next_descriptor() { return Fd(open("/dev/null", O_RDONLY | O_CLOEXEC)).get(); }

void check_broker(unsigned char mode, std::string text)
{
    const bool answers = mode & 1, is_split = mode & 2, is_half_closed = mode & 4;
    const std::string host = "127.0.0.1:" + std::to_string(broker().port());
    constexpr std::string_view usual = "127.0.0.1:7080";
    for (std::size_t at = 0; (at = text.find(usual, at)) != std::string::npos; at += host.size())
        text.replace(at, usual.size(), host);

    run_what_waits();
    const int descriptor = next_descriptor();
    seen = {};
    std::string received;
    {
        const Fd peer = connect_to_broker();
        if (peer.get() < 0)
            return;
        const std::size_t half = is_split ? text.size() / 2 : text.size();
        for (const std::string& part : {text.substr(0, half), text.substr(half)}) {
            send(peer.get(), part.data(), part.size(), MSG_NOSIGNAL);
            run_what_waits();
        }
        check(seen.asks <= 1, "a connection asks once");
        check(seen.gone == 0, "a peer that is there isn't gone");
        if (is_half_closed) {
            shutdown(peer.get(), SHUT_WR);
            run_what_waits();
            check(seen.gone == seen.asks, "a peer that ends its side is gone");
        }
        if (answers && seen.asked) {
            const bool is_there = seen.gone == 0;
            check(broker().respond(*seen.asked, "{}") == is_there, "it takes one response");
            check(!broker().respond(*seen.asked, "{}"), "and no other");
            run_what_waits();
        }
        char buffer[65536];
        const ssize_t count = recv(peer.get(), buffer, sizeof buffer, MSG_DONTWAIT);
        received.assign(buffer, static_cast<std::size_t>(std::max(count, ssize_t(0))));
    }
    run_what_waits();
    const bool is_answered = answers && !is_half_closed;
    check(seen.gone == (is_answered ? 0 : seen.asks), "who hangs up before a response is gone");
    check(!seen.asked || !broker().respond(*seen.asked, "{}"), "nobody takes a response any more");
    if (seen.asked && is_answered)
        check(received.find("{}") != std::string::npos, "the response comes");
    check(received.empty() || received.starts_with("HTTP/1."), "it speaks HTTP");
    check(next_descriptor() == descriptor, "no descriptor is left open");
}

} // namespace

void fuzz(std::string_view input)
{
    if (input.empty())
        return;
    check_guards(input);
    check_broker(static_cast<unsigned char>(input[0]), std::string(input.substr(1)));
}
