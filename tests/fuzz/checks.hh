#pragma once
#include "lines.hh"
#include "poll.hh"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

// What the fuzz targets are written with. Each target is a file that defines fuzz(); `make fuzz
// TARGET=mail` runs mail.cc.

// Takes any octets. Aborts where something doesn't hold that must.
void fuzz(std::string_view input);

extern "C" inline __attribute__((used)) int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                                                   std::size_t size)
{
    fuzz({reinterpret_cast<const char*>(data), size});
    return 0;
}

inline void check(bool holds, const char* what)
{
    if (holds)
        return;
    std::fprintf(stderr, "not so: %s\n", what);
    std::abort();
}

// Takes the first line from the front of the input; "" when nothing is left.
inline std::string take_input_line(std::string_view& input)
{
    return input.empty() ? "" : std::string(without_line_feed(take_line(input)));
}

inline void check_request(const PollRequest& request)
{
    const std::string written = write_poll_request(request);
    check(written.starts_with("1.0\n"), "a request begins with its version");
    check(std::all_of(written.begin() + 4, written.end(), [](char c) { return c >= ' '; }),
          "a request is one line of ASCII");
    PollRequest sent = request;
    sent.link = LinkTarget::none;
    sent.unknown_fields = 0;
    check(parse_poll_request(std::string_view(written).substr(4)) == sent,
          "what the broker is sent is the request, and valid");
}

inline void check_reply(std::string_view reply)
{
    constexpr std::string_view known =
        " From To Subject Date Message-Id In-Reply-To References Auto-Submitted Expires "
        "MIME-Version Content-Type "
        "Content-Transfer-Encoding X-Auto-Response-Suppress ";
    std::set<std::string> seen;
    bool in_header = true;
    while (!reply.empty()) {
        const std::string_view line = without_line_feed(take_line(reply));
        check(line.size() <= 998, "no line of a reply is longer than 998 octets"); // RFC 5322 2.1.1
        in_header = in_header && !line.empty();
        if (!in_header)
            continue;
        check(std::none_of(line.begin(), line.end(),
                           [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == '\x7f'; }),
              "no header field of a reply has control characters");
        if (line[0] == ' ' || line[0] == '\t')
            continue;
        const std::string name(line.substr(0, line.find(':')));
        check(known.find(' ' + name + ' ') != known.npos, "a reply has no header field but ours");
        check(seen.insert(name).second, "a reply has each header field once");
    }
    check(!in_header, "a reply has a body");
}
