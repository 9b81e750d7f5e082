#include "poll.hh"

#include <algorithm>
#include <charconv>
#include <glib.h>
#include <json/json.h>
#include <memory>
#include <new>
#include <sstream>

namespace {

constexpr std::uint16_t lowest_port = 1024; // that needs no privilege

// jsoncpp takes control characters in strings, comments and invalid UTF-8; JSON (RFC 8259 2, 7,
// 8.1) and the broker do not. Past 1000 levels it throws; a poll message has one.
bool is_refused_unparsed(std::string_view json)
{
    constexpr int deepest = 16;
    int depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (c == '"')
            in_string = !in_string;
        else if (in_string && c == '\\')
            ++i;
        else if (in_string ? static_cast<unsigned char>(c) < 0x20 : c == '/')
            return true;
        else if (!in_string)
            depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        if (depth > deepest)
            return true;
    }
    return !g_utf8_validate_len(json.data(), json.size(), nullptr);
}

// What `action` returns. For want of memory jsoncpp throws a RuntimeError of its own, and here for
// nothing else (1.9.5, 1.9.6). It becomes the usual exception.
template <class Action> auto with_usual_exceptions(Action action)
{
    try {
        return action();
    } catch (const Json::RuntimeError&) {
        throw std::bad_alloc();
    }
}

// Strict JSON, an object; a null value for anything else.
Json::Value parse_object(std::string_view json)
{
    if (json.empty() || is_refused_unparsed(json))
        return {};
    return with_usual_exceptions([&]() -> Json::Value {
        Json::CharReaderBuilder builder;
        Json::CharReaderBuilder::strictMode(&builder.settings_);
        builder["skipBom"] = false;
        const std::unique_ptr<Json::CharReader> reader(builder.newCharReader());
        Json::Value value;
        if (!reader->parse(json.data(), json.data() + json.size(), &value, nullptr) ||
            !value.isObject())
            return {};
        return value;
    });
}

bool is_session_description(const std::string& json, const char* type)
{
    const Json::Value description = parse_object(json);
    if (!description.isObject())
        return false;
    const Json::Value &sdp = description["sdp"], &found = description["type"];
    return found.isString() && found.asString() == type && sdp.isString() &&
           !sdp.asString().empty();
}

// On one line, in ASCII.
std::string written(const Json::Value& object)
{
    Json::StreamWriterBuilder builder;
    builder["indentation"] = "";
    std::ostringstream message;
    message.exceptions(std::ios::badbit); // else it would be cut off for want of memory
    const std::unique_ptr<Json::StreamWriter> writer(builder.newStreamWriter());
    writer->write(object, &message);
    return message.str();
}

// A missing field and null are an empty text, as in Go.
std::optional<std::string> text_of(const Json::Value& object, const char* name)
{
    const Json::Value& value = object[name];
    if (value.isNull())
        return "";
    if (!value.isString())
        return std::nullopt;
    return value.asString();
}

// The target that the field "link" names. `json` is the text that the object was read from.
LinkTarget link_target(const Json::Value& object, std::string_view json)
{
    const Json::Value& value = object["link"];
    if (value.isString())
        return value.asString() == "page" ? LinkTarget::page : LinkTarget::none;
    // As it is written: to jsoncpp 01024 and 1024.0 are numbers like 1024.
    const auto start = static_cast<std::size_t>(value.getOffsetStart()),
               limit = static_cast<std::size_t>(value.getOffsetLimit());
    const std::string_view digits = json.substr(start, limit - start);
    std::uint16_t port = 0;
    const char* last = digits.data() + digits.size();
    const auto [end, error] = std::from_chars(digits.data(), last, port);
    const bool is_port =
        error == std::errc() && end == last && port >= lowest_port && digits[0] != '0';
    return is_port ? LinkTarget(port) : LinkTarget::none;
}

} // namespace

std::optional<PollRequest> parse_poll_request(std::string_view json)
{
    const Json::Value object = parse_object(json);
    if (!object.isObject())
        return std::nullopt;
    const auto offer = text_of(object, "offer"), nat = text_of(object, "nat"),
               fingerprint = text_of(object, "fingerprint");
    if (!offer || !nat || !fingerprint || !is_session_description(*offer, "offer"))
        return std::nullopt;
    const auto names = object.getMemberNames();
    const auto unknown = std::count_if(names.begin(), names.end(), [](const std::string& name) {
        return name != "offer" && name != "nat" && name != "fingerprint" && name != "link";
    });
    PollRequest request{*offer, *nat, *fingerprint, static_cast<int>(unknown),
                        link_target(object, json)};
    if (!is_well_formed(request))
        return std::nullopt;
    return request;
}

bool is_well_formed(const PollRequest& request)
{
    constexpr std::size_t most_octets = 100'000;
    const std::string& fingerprint = request.fingerprint;
    const bool is_hex = std::all_of(fingerprint.begin(), fingerprint.end(),
                                    [](char c) { return g_ascii_isxdigit(c); });
    return (request.nat.empty() || request.nat == "unknown" || request.nat == "restricted" ||
            request.nat == "unrestricted") &&
           (fingerprint.empty() || (fingerprint.size() == 40 && is_hex)) &&
           (request.link == LinkTarget::none || request.link == LinkTarget::page ||
            request.link >= LinkTarget(lowest_port)) &&
           !request.offer.empty() && request.offer.size() <= most_octets &&
           g_utf8_validate_len(request.offer.data(), request.offer.size(), nullptr);
}

bool is_json_object(std::string_view json) { return parse_object(json).isObject(); }

std::string sdp_of(const PollRequest& request)
{
    return parse_object(request.offer)["sdp"].asString();
}

std::string sdp_of(const PollResponse& response)
{
    return parse_object(response.answer)["sdp"].asString();
}

std::string write_poll_request(const PollRequest& request)
{
    return with_usual_exceptions([&] {
        Json::Value object(Json::objectValue);
        object["offer"] = request.offer;
        if (!request.nat.empty())
            object["nat"] = request.nat;
        if (!request.fingerprint.empty())
            object["fingerprint"] = request.fingerprint;
        return "1.0\n" + written(object);
    });
}

std::string write_poll_response(const PollResponse& response)
{
    return with_usual_exceptions([&] {
        Json::Value object(Json::objectValue);
        if (response.is_answer)
            object["answer"] = response.answer;
        else
            object["error"] = response.error;
        return written(object);
    });
}

std::optional<PollResponse> parse_poll_response(std::string_view json)
{
    const Json::Value object = parse_object(json);
    if (!object.isObject())
        return std::nullopt;
    const auto answer = text_of(object, "answer"), error = text_of(object, "error");
    if (!answer || !error || answer->empty() == error->empty())
        return std::nullopt;
    if (!answer->empty() && !is_session_description(*answer, "answer"))
        return std::nullopt;
    return PollResponse{!answer->empty(), *error, *answer};
}
