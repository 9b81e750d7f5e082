#include "client/routes.hh"

#include <doctest/doctest.h>

namespace {

using Fields = std::vector<std::pair<std::string_view, std::string_view>>;
using Found = std::variant<Page, Refusal>;

const std::vector<std::string> hosts = own_hosts("127.0.0.1", 7080);

Found page_for(std::string_view method, std::string_view path, Fields fields,
               const std::vector<std::string>& own = hosts)
{
    return find_page({method, path, std::move(fields)}, own);
}

} // namespace

TEST_CASE("a page has a method and a path")
{
    const Fields fields = {{"Host", "127.0.0.1:7080"}};
    CHECK(page_for("POST", "/client", fields) == Found(Page::poll));
    CHECK(page_for("GET", "/", fields) == Found(Page::about));
    CHECK(page_for("GET", "/client", fields) == Found(Refusal::bad_method));
    CHECK(page_for("OPTIONS", "/client", fields) == Found(Refusal::bad_method));
    CHECK(page_for("post", "/client", fields) == Found(Refusal::bad_method)); // RFC 9110 9.1
    CHECK(page_for("POST", "/", fields) == Found(Refusal::bad_method));
    for (const std::string_view path : {"", "/client/", "/Client", "//client", "*", "/favicon.ico",
                                        "http://127.0.0.1:7080/client"})
        CHECK(page_for("POST", path, fields) == Found(Refusal::not_found));
    CHECK(allowed_methods("/client") == "POST");
    CHECK(allowed_methods("/") == "GET");
    CHECK(allowed_methods("/other") == "");
}

TEST_CASE("Host is this machine and port, once, in any case; the port 80 may be left out")
{
    const auto is_ours = [](const Fields& fields, const std::vector<std::string>& own) {
        return page_for("POST", "/client", fields, own) == Found(Page::poll);
    };
    for (const std::string_view host : {"127.0.0.1:7080", "localhost:7080", "LocalHost:7080"})
        CHECK(is_ours({{"host", host}}, hosts));
    for (const std::string_view host :
         {"", "127.0.0.1", "localhost", "127.0.0.1:80", "127.0.0.1:70800", "127.0.0.2:7080",
          "[::1]:7080", "rebound.example:7080", "localhost.rebound.example:7080", ":7080",
          "localhost:7080.", "a@localhost:7080", "localhost:7080,localhost:7080"}) {
        CAPTURE(host);
        CHECK_FALSE(is_ours({{"Host", host}}, hosts));
    }
    CHECK_FALSE(is_ours({}, hosts));
    CHECK_FALSE(is_ours({{"Host", "localhost:7080"}, {"Host", "localhost:7080"}}, hosts));
    CHECK_FALSE(is_ours({{"Host", "localhost:7080"}, {"HOST", "rebound.example"}}, hosts));

    const auto on_80 = own_hosts("[::1]", 80);
    for (const std::string_view host : {"[::1]", "[::1]:80", "localhost", "localhost:80"})
        CHECK(is_ours({{"Host", host}}, on_80));
    for (const std::string_view host : {"rebound.example", "127.0.0.1", "[::1]:7080"})
        CHECK_FALSE(is_ours({{"Host", host}}, on_80));
}

TEST_CASE("no web page asks the broker: Origin and Sec-Fetch-Site with any value")
{
    for (const Fields& more : std::vector<Fields>{{{"Origin", "https://example.com"}},
                                                  {{"origin", "null"}},
                                                  {{"Origin", "http://127.0.0.1:7080"}},
                                                  {{"Origin", ""}},
                                                  {{"Sec-Fetch-Site", "same-origin"}},
                                                  {{"sec-fetch-site", "none"}}}) {
        Fields fields = {{"Host", "127.0.0.1:7080"}};
        fields.insert(fields.end(), more.begin(), more.end());
        CHECK(page_for("POST", "/client", fields) == Found(Refusal::forbidden));
    }
}

TEST_CASE("a person may look, by hand or by a link; what a web page fetches is refused")
{
    const auto is_shown = [](Fields fields) {
        fields.emplace_back("Host", "localhost:7080");
        return page_for("GET", "/", std::move(fields)) == Found(Page::about);
    };
    CHECK(is_shown({{"User-Agent", "curl/8"}}));
    CHECK(is_shown({{"Sec-Fetch-Site", "none"}}));
    CHECK(is_shown({{"Sec-Fetch-Site", "cross-site"},
                    {"Sec-Fetch-Mode", "navigate"},
                    {"Sec-Fetch-Dest", "document"}}));
    CHECK_FALSE(is_shown({{"Sec-Fetch-Site", "cross-site"}}));
    CHECK_FALSE(is_shown({{"Sec-Fetch-Site", "cross-site"},
                          {"Sec-Fetch-Mode", "navigate"},
                          {"Sec-Fetch-Dest", "iframe"}}));
    CHECK_FALSE(is_shown({{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", "no-cors"}}));
    CHECK_FALSE(is_shown({{"Sec-Fetch-Site", "none"}, {"Sec-Fetch-Site", "cross-site"}}));
    CHECK_FALSE(is_shown({{"Sec-Fetch-Site", "none"}, {"Origin", "https://example.com"}}));
}

TEST_CASE("a body that is too large is refused by its Content-Length")
{
    const auto found = [](Fields fields) {
        fields.emplace_back("Host", "localhost:7080");
        return page_for("POST", "/client", std::move(fields));
    };
    CHECK(found({{"Content-Length", "100000"}}) == Found(Page::poll));
    for (const std::string_view size : {"100001", "99999999999999999999999999", "-1", "x", ""})
        CHECK(found({{"content-length", size}}) == Found(Refusal::too_large));
    CHECK(found({{"Content-Length", "5"}, {"Content-Length", "100001"}}) ==
          Found(Refusal::too_large));
}
