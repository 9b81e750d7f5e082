#include "client/routes.hh"

#include "ascii.hh"

#include <algorithm>
#include <charconv>
#include <optional>

namespace {

// None also when the field is there twice.
std::optional<std::string_view> only_field(const RequestHead& head, std::string_view name)
{
    std::optional<std::string_view> value;
    for (const auto& [field, text] : head.fields)
        if (equal_ignoring_case(field, name)) {
            if (value)
                return std::nullopt;
            value = text;
        }
    return value;
}

bool has_field(const RequestHead& head, std::string_view name)
{
    return std::any_of(head.fields.begin(), head.fields.end(),
                       [&](const auto& field) { return equal_ignoring_case(field.first, name); });
}

// A browser sends these with what a web page makes it ask.
bool is_from_a_program(const RequestHead& head)
{
    return !has_field(head, "Origin") && !has_field(head, "Sec-Fetch-Site");
}

// A person may also come by a link on a web page. Then the page sees nothing of the response.
bool is_for_a_person(const RequestHead& head)
{
    if (is_from_a_program(head))
        return true;
    const auto site = only_field(head, "Sec-Fetch-Site");
    return !has_field(head, "Origin") && site &&
           (*site == "none" || *site == "same-origin" ||
            (only_field(head, "Sec-Fetch-Mode") == "navigate" &&
             only_field(head, "Sec-Fetch-Dest") == "document"));
}

// A browser shows it as a page of its own, in no frame, and gives no page what it reads. Who opened
// it doesn't matter: a link in a mail leads here from another site.
bool is_top_navigation(const RequestHead& head)
{
    return !has_field(head, "Origin") && only_field(head, "Sec-Fetch-Mode") == "navigate" &&
           only_field(head, "Sec-Fetch-Dest") == "document";
}

// What the page itself fetches: each of the two fields that is there says so, and one is there.
bool is_from_own_page(const RequestHead& head)
{
    const auto host = only_field(head, "Host"), origin = only_field(head, "Origin"),
               site = only_field(head, "Sec-Fetch-Site");
    const bool has_origin = has_field(head, "Origin"), has_site = has_field(head, "Sec-Fetch-Site");
    return (has_origin || has_site) && (!has_site || site == "same-origin") &&
           (!has_origin ||
            (origin && host && equal_ignoring_case(*origin, "http://" + std::string(*host))));
}

// Each page: its method, its path, and the guard that a request must pass.
struct Route {
    enum class When { always, without_page, with_page };

    std::string_view method, path;
    bool (*guard)(const RequestHead&);
    Page page;
    When when;

    bool is_there(bool has_page) const
    {
        return when == When::always || has_page == (when == When::with_page);
    }
};

constexpr Route routes[] = {
    {"POST", "/client", is_from_a_program, Page::poll, Route::When::always},
    {"GET", "/", is_for_a_person, Page::about, Route::When::without_page},
    {"GET", "/", is_top_navigation, Page::person, Route::When::with_page},
    {"GET", "/answer", is_top_navigation, Page::person, Route::When::with_page},
    {"POST", "/answer", is_from_own_page, Page::hand_in, Route::When::with_page},
    {"GET", "/state", is_from_own_page, Page::state, Route::When::with_page},
};

// Whether Content-Length (RFC 9110 8.6) says that the body is too large. A body without one is
// measured as it comes.
bool is_too_large(const RequestHead& head)
{
    return std::any_of(head.fields.begin(), head.fields.end(), [](const auto& field) {
        const std::string_view value = field.second;
        std::size_t size = 0;
        return equal_ignoring_case(field.first, "Content-Length") &&
               (std::from_chars(value.data(), value.data() + value.size(), size).ec !=
                    std::errc() ||
                size > longest_body);
    });
}

} // namespace

std::vector<std::string> own_hosts(const std::string& host, unsigned port)
{
    std::vector<std::string> hosts;
    for (const std::string& name : {host, std::string("localhost")}) {
        hosts.push_back(name + ":" + std::to_string(port));
        if (port == 80) // HTTP's own port is left out
            hosts.push_back(name);
    }
    return hosts;
}

std::variant<Page, Refusal> find_page(const RequestHead& head, std::span<const std::string> hosts,
                                      bool has_page)
{
    // A name that somebody else's DNS points at this machine (DNS rebinding) isn't ours.
    const auto host = only_field(head, "Host");
    if (!host || std::none_of(hosts.begin(), hosts.end(), [&](const std::string& own) {
            return equal_ignoring_case(own, *host);
        }))
        return Refusal::forbidden;
    bool is_there = false;
    for (const Route& route : routes) {
        if (route.path != head.path || !route.is_there(has_page))
            continue;
        is_there = true;
        if (route.method != head.method)
            continue;
        if (!route.guard(head))
            return Refusal::forbidden;
        if (is_too_large(head))
            return Refusal::too_large;
        return route.page;
    }
    return is_there ? Refusal::bad_method : Refusal::not_found;
}

std::string allowed_methods(std::string_view path, bool has_page)
{
    std::string methods;
    for (const Route& route : routes)
        if (route.path == path && route.is_there(has_page))
            methods.append(methods.empty() ? "" : ", ").append(route.method);
    return methods;
}
