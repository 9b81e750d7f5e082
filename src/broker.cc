#define CURL_STRICTER // without it CURL is void, and any pointer converts to CURL*
#include "broker.hh"

#include "failure.hh"
#include "handle.hh"
#include "late_library.hh"

#include <algorithm>
#include <cstring>
#include <curl/curl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <random>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace std::chrono_literals;

constexpr std::size_t response_limit = 100000; // bytes; Snowflake's own clients read no more
constexpr std::size_t wire_limit = 4 * response_limit; // with headers, framing and TLS

struct Attempt {
    Reply reply;
    bool is_final; // another attempt can't help, or an answer is there
    bool may_have_spent_proxy;
};

struct Exchange {
    CURLcode code;
    long status = 0;
    std::string body;
    bool sent = false; // whether the broker may have seen the request
};

// libcurl's functions, which only a mail with a request needs.
struct Curl {
    LateLibrary library{"libcurl.so.4"};
    LATE_FUNCTION(curl_easy_cleanup);
    LATE_FUNCTION(curl_easy_getinfo);
    LATE_FUNCTION(curl_easy_init);
    LATE_FUNCTION(curl_easy_perform);
    LATE_FUNCTION(curl_easy_setopt);
    LATE_FUNCTION(curl_easy_strerror);
    LATE_FUNCTION(curl_free);
    LATE_FUNCTION(curl_global_init);
    LATE_FUNCTION(curl_slist_append);
    LATE_FUNCTION(curl_slist_free_all);
    LATE_FUNCTION(curl_url);
    LATE_FUNCTION(curl_url_cleanup);
    LATE_FUNCTION(curl_url_get);
    LATE_FUNCTION(curl_url_set);

    Curl() { curl_global_init(CURL_GLOBAL_DEFAULT); }
};

const Curl& curl()
{
    static const Curl loaded;
    return loaded;
}

void free_transfer(CURL* transfer) { curl().curl_easy_cleanup(transfer); }
void free_list(curl_slist* list) { curl().curl_slist_free_all(list); }
void free_url(CURLU* url) { curl().curl_url_cleanup(url); }
void free_text(char* text) { curl().curl_free(text); }
using List = Handle<curl_slist, free_list>;

void append(List& list, const std::string& text)
{
    list.reset(curl().curl_slist_append(list.release(), text.c_str()));
}

std::size_t random_below(std::size_t end)
{
    static std::random_device source;
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(source);
}

std::size_t append_body(char* data, std::size_t, std::size_t size, void* body_pointer)
{
    auto& body = *static_cast<std::string*>(body_pointer);
    if (body.size() + size > response_limit)
        return 0; // ends the transfer
    body.append(data, size);
    return size;
}

using Sockets = std::vector<curl_socket_t>;

int note_socket(void* sockets, curl_socket_t socket, curlsocktype)
{
    static_cast<Sockets*>(sockets)->push_back(socket);
    return CURL_SOCKOPT_OK;
}

// libcurl calls it again and again during a transfer. libcurl doesn't limit all that is not the
// body, trailers and chunk extensions for example, nor show it to a callback. The kernel counts
// every byte that comes.
int check_wire_limit(void* sockets, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
{
    const auto is_over = [](curl_socket_t socket) {
        tcp_info info = {}; // stays so where the socket is closed
        socklen_t size = sizeof info;
        getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size);
        return info.tcpi_bytes_received > wire_limit;
    };
    const auto& all = *static_cast<Sockets*>(sockets);
    return std::any_of(all.begin(), all.end(), is_over); // 1 ends the transfer
}

// libcurl calls it when the connection is made, that through a proxy and TLS included, and just
// before it sends the request. CURLINFO_PRETRANSFER_TIME_T doesn't tell this since libcurl 8.22.
int note_sending(void* sent, char*, char*, int, int)
{
    *static_cast<bool*>(sent) = true;
    return CURL_PREREQFUNC_OK;
}

// As OpenSSL looks certificates up in a directory, by the hash of a name (openssl-rehash(1)).
bool has_hashed_names(const char* directory)
{
    GError* ignored = nullptr;
    const Handle<GDir, g_dir_close> names(g_dir_open(directory, 0, &ignored));
    g_clear_error(&ignored);
    while (const char* const name = names ? g_dir_read_name(names.get()) : nullptr)
        if (std::strspn(name, "0123456789abcdef") == 8 && name[8] == '.' &&
            g_ascii_isdigit(name[9]))
            return true;
    return false;
}

// What a broker's certificate is verified with. Null: nothing of that kind.
struct Certificates {
    const char* file;
    const char* directory;
    const char* bundle; // where the directory has not what is needed
};

// To read the system's bundle takes longer than all the rest of a mail's life; of a directory only
// what is needed is read. The strings belong to the settings and to libcurl.
Certificates find_certificates(const Settings::Broker& settings, CURL* transfer)
{
    if (g_ascii_strncasecmp(settings.url.c_str(), "http:", 5) == 0)
        return {nullptr, nullptr, nullptr};
    const char* const own = settings.ca_file.c_str();
    if (*own)
        return g_file_test(own, G_FILE_TEST_IS_DIR) ? Certificates{nullptr, own, nullptr}
                                                    : Certificates{own, nullptr, nullptr};
    const char* file = nullptr;
    const char* directory = nullptr;
    curl().curl_easy_getinfo(transfer, CURLINFO_CAINFO, &file);
    curl().curl_easy_getinfo(transfer, CURLINFO_CAPATH, &directory);
    if (directory && has_hashed_names(directory))
        return {nullptr, directory, file};
    return {file, directory, nullptr};
}

// With domain fronting the connection and its certificate name a front, the request the broker.
void set_address(CURL* transfer, const Settings::Broker& settings, List& headers)
{
    const std::string url = settings.url + "client";
    if (settings.fronts.empty()) {
        curl().curl_easy_setopt(transfer, CURLOPT_URL, url.c_str());
        return;
    }
    const Handle<CURLU, free_url> address(curl().curl_url());
    const auto part = [&](CURLUPart which) {
        char* raw = nullptr;
        curl().curl_url_get(address.get(), which, &raw, 0);
        const Handle<char, free_text> text(raw);
        return std::string(text ? text.get() : "");
    };
    curl().curl_url_set(address.get(), CURLUPART_URL, url.c_str(), 0);
    const std::string port = part(CURLUPART_PORT),
                      host = part(CURLUPART_HOST) + (port.empty() ? "" : ":" + port);
    curl().curl_url_set(address.get(), CURLUPART_HOST,
                        settings.fronts[random_below(settings.fronts.size())].c_str(), 0);
    const std::string fronted = part(CURLUPART_URL);
    if (host.empty() || fronted.empty())
        throw Failure(Reason::settings, "[broker] url or fronts: not understood by libcurl");
    append(headers, "Host: " + host);
    curl().curl_easy_setopt(transfer, CURLOPT_URL, fronted.c_str());
}

Exchange post(const std::string& body, const Settings::Broker& settings,
              std::chrono::milliseconds limit)
{
    Exchange exchange;
    Sockets sockets; // of this exchange, one for each address that was tried
    const Handle<CURL, free_transfer> transfer(curl().curl_easy_init());
    const auto set = [&](CURLoption option, auto value) {
        curl().curl_easy_setopt(transfer.get(), option, value);
    };
    List headers;
    // The request has only what HTTP needs; libcurl would add these.
    for (const char* unwanted : {"Accept:", "Content-Type:", "Expect:"})
        append(headers, unwanted);
    set_address(transfer.get(), settings, headers);
    set(CURLOPT_HTTPHEADER, headers.get());
    set(CURLOPT_POSTFIELDS, body.data());
    set(CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    set(CURLOPT_WRITEFUNCTION, append_body);
    set(CURLOPT_WRITEDATA, &exchange.body);
    set(CURLOPT_PREREQFUNCTION, note_sending);
    set(CURLOPT_PREREQDATA, &exchange.sent);
    set(CURLOPT_XFERINFOFUNCTION, check_wire_limit);
    set(CURLOPT_XFERINFODATA, &sockets);
    set(CURLOPT_SOCKOPTFUNCTION, note_socket);
    set(CURLOPT_SOCKOPTDATA, &sockets);
    set(CURLOPT_NOPROGRESS, 0L);
    // Over HTTP/2 a peer has many more ways to keep libcurl busy, and one request gains nothing.
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    // "" means no proxy, also where the environment names one.
    set(CURLOPT_PROXY, settings.proxy.c_str());
    set(CURLOPT_NOPROXY, "");
    const Certificates certificates = find_certificates(settings, transfer.get());
    set(CURLOPT_CAINFO, certificates.file);
    set(CURLOPT_CAPATH, certificates.directory);
    set(CURLOPT_NOSIGNAL, 1L);
    // A resolver thread that hangs must not hold up the process past the time limit.
    set(CURLOPT_QUICK_EXIT, 1L);

    const auto until = Clock::now() + limit;
    const auto perform = [&] {
        const auto left = std::max<std::chrono::milliseconds>(time_left(until), 1ms);
        set(CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
        set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(left.count()));
        exchange.code = curl().curl_easy_perform(transfer.get());
    };
    perform();
    if (exchange.code == CURLE_PEER_FAILED_VERIFICATION && certificates.bundle) {
        set(CURLOPT_CAINFO, certificates.bundle);
        perform();
    }
    curl().curl_easy_getinfo(transfer.get(), CURLINFO_RESPONSE_CODE, &exchange.status);
    return exchange;
}

Attempt judge(Exchange exchange)
{
    if (exchange.code == CURLE_SSL_CACERT_BADFILE)
        throw Failure(Reason::settings,
                      "[broker] ca-file: can't be read, or holds no certificates");
    if (exchange.code == CURLE_PEER_FAILED_VERIFICATION)
        return {problem::broker_failed, true, false};
    if (exchange.code != CURLE_OK || exchange.status >= 500)
        return {problem::broker_failed, false, exchange.sent};
    if (exchange.status >= 300)
        return {problem::broker_failed, true, false};

    const auto response = parse_poll_response(exchange.body);
    if (!response) // a hostile proxy's answer, or another server than a broker
        return {problem::broker_failed, false, true};
    if (response->is_answer) {
        Answer answer{std::move(exchange.body), std::chrono::system_clock::now()};
        return {std::move(answer), true, true};
    }
    const Problem& problem = problem_of_error(response->error);
    const bool had_proxy = response->error != problem::no_proxy.error &&
                           response->error != problem::unknown_bridge.error;
    return {problem, problem.reason == Reason::rejected, had_proxy};
}

std::chrono::milliseconds attempt_limit(const Settings::Broker& settings, Clock::time_point until)
{
    return std::min<std::chrono::milliseconds>(settings.timeout, time_left(until));
}

} // namespace

void load_early() noexcept
{
    try {
        curl();
    } catch (const std::exception&) {
    }
}

void prepare_to_ask(const Settings::Broker& settings)
{
    curl();
    const std::string& own = settings.ca_file;
    if (own.empty())
        return;
    if (access(own.c_str(), R_OK) != 0)
        throw Failure(Reason::settings, "[broker] ca-file: can't be read");
    if (g_file_test(own.c_str(), G_FILE_TEST_IS_DIR) && !has_hashed_names(own.c_str()))
        throw Failure(Reason::settings,
                      "[broker] ca-file: a directory without hashed names; "
                      "see openssl-rehash(1)");
}

BrokerResult ask_broker(const PollRequest& request, const Settings::Broker& settings,
                        Clock::time_point until, const std::function<bool()>& may_spend_another)
{
    constexpr int most_proxies = 2;
    const std::string body = write_poll_request(request);
    BrokerResult result{problem::broker_failed, 0, 1};
    for (int spent_proxies = 0; result.attempts < settings.attempts;) {
        const auto limit = attempt_limit(settings, until);
        if (limit == 0ms) // libcurl would take it for no limit
            break;
        if (result.unspent_proxies == 0) {
            if (!may_spend_another())
                break;
            ++result.unspent_proxies;
        }
        ++result.attempts;
        Attempt attempt = judge(post(body, settings, limit));
        result.reply = std::move(attempt.reply);
        spent_proxies += attempt.may_have_spent_proxy;
        result.unspent_proxies -= attempt.may_have_spent_proxy;
        if (attempt.is_final || spent_proxies == most_proxies)
            break;
        // A proxy comes free every moment. The pause is random, so that many processes that began
        // together don't ask together.
        const auto pause = 500ms + std::chrono::milliseconds(random_below(500));
        if (result.attempts < settings.attempts && time_left(until) > pause)
            std::this_thread::sleep_for(pause);
    }
    return result;
}

std::optional<std::string> probe_broker(const Settings::Broker& settings, Clock::time_point until)
{
    try {
        prepare_to_ask(settings);
    } catch (const Failure& failure) {
        return failure.what();
    }
    const Exchange exchange = post("0.0\n{}", settings, attempt_limit(settings, until));
    if (exchange.code != CURLE_OK)
        return curl().curl_easy_strerror(exchange.code);
    const auto response = parse_poll_response(exchange.body);
    if (!response || response->error != problem::unsupported_version.error)
        return "HTTP status " + std::to_string(exchange.status) +
               ", but not a Snowflake broker's response";
    return std::nullopt;
}
