#include "client/routes.hh"

#include <doctest/doctest.h>

namespace {

using Fields = std::vector<std::pair<std::string_view, std::string_view>>;
using Found = std::variant<Page, Refusal>;

const std::vector<std::string> hosts = own_hosts("127.0.0.1", 7080);

Found page_for(std::string_view method, std::string_view path, Fields fields,
               const std::vector<std::string>& own = hosts)
{
    return find_page({method, path, std::move(fields)}, own, false);
}

const Fields host = {{"Host", "127.0.0.1:7080"}};
const Fields navigation = {{"Host", "127.0.0.1:7080"},
                           {"Sec-Fetch-Site", "cross-site"},
                           {"Sec-Fetch-Mode", "navigate"},
                           {"Sec-Fetch-Dest", "document"}};
const Fields own_page = {{"Host", "127.0.0.1:7080"},
                         {"Origin", "http://127.0.0.1:7080"},
                         {"Sec-Fetch-Site", "same-origin"}};

// Where the page is served; with these fields in place of those that have the same name.
Found with_page(std::string_view method, std::string_view path, Fields fields,
                const Fields& more = {})
{
    for (const auto& field : more)
        std::erase_if(fields, [&](const auto& one) { return one.first == field.first; });
    fields.insert(fields.end(), more.begin(), more.end());
    return find_page({method, path, std::move(fields)}, hosts, true);
}

Fields without(Fields fields, std::string_view name)
{
    std::erase_if(fields, [&](const auto& one) { return one.first == name; });
    return fields;
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
    CHECK(allowed_methods("/client", false) == "POST");
    CHECK(allowed_methods("/", false) == "GET");
    CHECK(allowed_methods("/other", false) == "");
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

TEST_CASE("where the page is not served, its addresses are not there")
{
    CHECK(page_for("GET", "/answer", navigation) == Found(Refusal::not_found));
    CHECK(page_for("POST", "/answer", own_page) == Found(Refusal::not_found));
    CHECK(page_for("GET", "/state", own_page) == Found(Refusal::not_found));
    CHECK(allowed_methods("/answer", false) == "");
}

TEST_CASE("the page and a link to it: navigations of a whole window alone, from any site")
{
    for (const std::string_view path : {"/", "/answer"}) {
        CAPTURE(path);
        CHECK(with_page("GET", path, navigation) == Found(Page::person));
        CHECK(with_page("GET", path, navigation, {{"Sec-Fetch-Site", "none"}}) ==
              Found(Page::person));
        for (const Fields& more : std::vector<Fields>{{{"Sec-Fetch-Dest", "iframe"}},
                                                      {{"Sec-Fetch-Dest", "object"}},
                                                      {{"Sec-Fetch-Dest", "embed"}},
                                                      {{"Sec-Fetch-Dest", "empty"}},
                                                      {{"Sec-Fetch-Mode", "no-cors"}},
                                                      {{"Sec-Fetch-Mode", "cors"}},
                                                      {{"Sec-Fetch-Mode", "nested-navigate"}},
                                                      {{"Origin", "https://example.com"}},
                                                      {{"Origin", "null"}},
                                                      {{"Host", "rebound.example:7080"}}})
            CHECK(with_page("GET", path, navigation, more) == Found(Refusal::forbidden));
        for (const std::string_view name : {"Sec-Fetch-Mode", "Sec-Fetch-Dest", "Host"})
            CHECK(with_page("GET", path, without(navigation, name)) == Found(Refusal::forbidden));
        CHECK(with_page("GET", path, host) == Found(Refusal::forbidden));
        CHECK(with_page("GET", path, own_page) == Found(Refusal::forbidden));
    }
    CHECK(with_page("POST", "/", navigation) == Found(Refusal::bad_method));
    CHECK(with_page("PUT", "/answer", navigation) == Found(Refusal::bad_method));
    CHECK(allowed_methods("/answer", true) == "GET, POST");
}

TEST_CASE(
    "what the page fetches: by its own Origin or Sec-Fetch-Site, and none that says otherwise")
{
    const std::pair<std::string_view, std::string_view> routes[] = {{"POST", "/answer"},
                                                                    {"GET", "/state"}};
    for (const auto& [method, path] : routes) {
        CAPTURE(path);
        const Found page = path == "/state" ? Page::state : Page::hand_in;
        CHECK(with_page(method, path, own_page) == page);
        CHECK(with_page(method, path, without(own_page, "Origin")) == page);
        CHECK(with_page(method, path, without(own_page, "Sec-Fetch-Site")) == page);
        CHECK(with_page(method, path, own_page,
                        {{"Host", "localhost:7080"}, {"Origin", "http://localhost:7080"}}) == page);
        for (const Fields& more : std::vector<Fields>{
                 {{"Origin", "https://example.com"}},
                 {{"Origin", "null"}},
                 {{"Origin", ""}},
                 {{"Origin", "http://127.0.0.1"}},
                 {{"Origin", "http://127.0.0.1:7081"}},
                 {{"Origin", "http://localhost:7080"}},
                 {{"Origin", "https://127.0.0.1:7080"}},
                 {{"Sec-Fetch-Site", "same-site"}},
                 {{"Sec-Fetch-Site", "cross-site"}},
                 {{"Sec-Fetch-Site", "none"}},
                 {{"Sec-Fetch-Site", ""}},
                 {{"Host", "rebound.example:7080"}, {"Origin", "http://rebound.example:7080"}}})
            CHECK(with_page(method, path, own_page, more) == Found(Refusal::forbidden));
        Fields twice = own_page;
        twice.emplace_back("Origin", "http://127.0.0.1:7080");
        CHECK(with_page(method, path, twice) == Found(Refusal::forbidden));
        CHECK(with_page(method, path, host) == Found(Refusal::forbidden));
        CHECK(with_page(method, path, navigation) == Found(Refusal::forbidden));
    }
    CHECK(with_page("POST", "/answer", own_page, {{"Content-Length", "100001"}}) ==
          Found(Refusal::too_large));
    CHECK(with_page("POST", "/state", own_page) == Found(Refusal::bad_method));
}

TEST_CASE("Snowflake's address refuses web pages, our own too")
{
    CHECK(with_page("POST", "/client", host) == Found(Page::poll));
    CHECK(with_page("POST", "/client", own_page) == Found(Refusal::forbidden));
    CHECK(with_page("POST", "/client", navigation) == Found(Refusal::forbidden));
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
