#pragma once
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// What an HTTP request says before its body, as the peer wrote it.
struct RequestHead {
    std::string_view method, path;
    std::vector<std::pair<std::string_view, std::string_view>> fields; // names and values
};

enum class Page {
    poll,    // Snowflake's request
    about,   // words on what this is, where no page is served
    person,  // the page for the person's browser, also where a link in a mail leads
    hand_in, // that page hands in what the person pasted, or a link
    state    // that page asks what is going on
};

// A status that refuses a request (RFC 9110 15.5).
enum class Refusal { forbidden = 403, not_found = 404, bad_method = 405, too_large = 413 };

constexpr std::size_t longest_body = 100000; // octets, as Snowflake's broker

// What the Host field may say (RFC 9110 7.2) when the broker listens there.
std::vector<std::string> own_hosts(const std::string& host, unsigned port);

// Which page a request is for, or why it is refused. Looks at the head alone. `has_page`: the page
// for the person's browser is served.
std::variant<Page, Refusal> find_page(const RequestHead& head, std::span<const std::string> hosts,
                                      bool has_page);

// For the Allow field of a refusal as a bad method (RFC 9110 10.2.1).
std::string allowed_methods(std::string_view path, bool has_page);
