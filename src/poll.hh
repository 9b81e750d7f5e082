#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Snowflake's poll messages (its common/messages package), between client and broker.

// Where a link that holds the answer shall lead: snowflake-mail's own addition to a poll request. A
// value from 1024 on is a TCP port at 127.0.0.1.
enum class LinkTarget : std::uint16_t {
    none = 0,
    page = 1 // that of the settings
};

struct PollRequest {
    // A JSON object as the client made it, never written anew: {"type":"offer","sdp":"..."}
    std::string offer;
    std::string nat;         // "unknown", "restricted", "unrestricted"; "": the request has none
    std::string fingerprint; // 40 hex digits; "": the request has none
    int unknown_fields = 0;  // how many others it came with; the broker doesn't get them
    LinkTarget link = LinkTarget::none; // the broker doesn't get it

    bool operator==(const PollRequest&) const = default;
};

// Checks what the broker checks, before a proxy is spent on it. None where `json` isn't exactly one
// object that is a poll request. A "link" that names no target is as if it weren't there.
std::optional<PollRequest> parse_poll_request(std::string_view json);

// Whether its words and numbers are those above, and its offer UTF-8 of a size that the broker
// takes. Looks at no JSON.
bool is_well_formed(const PollRequest& request);

// Whether it is strict JSON (RFC 8259), and an object.
bool is_json_object(std::string_view json);

// The session description in its offer.
std::string sdp_of(const PollRequest& request);

// "1.0" LF and one JSON object, ASCII on one line.
std::string write_poll_request(const PollRequest& request);

struct PollResponse {
    bool is_answer = false;
    std::string error;  // the broker's words where it is no answer
    std::string answer; // a JSON object as the proxy made it: {"type":"answer","sdp":"..."}
};

// None where `json` is neither {"answer":"{\"type\":\"answer\",\"sdp\":...}"} nor {"error":"..."}.
std::optional<PollResponse> parse_poll_response(std::string_view json);

// The session description in its answer.
std::string sdp_of(const PollResponse& response);

// One JSON object, ASCII on one line.
std::string write_poll_response(const PollResponse& response);
