#include "header.hh"

#include "ascii.hh"
#include "date.hh"
#include "rfc5322.hh"

#include <algorithm>

namespace {

// What is behind the last ";" (RFC 5321 4.4).
std::optional<std::chrono::sys_seconds> time_received(std::string_view received)
{
    const std::string value = without_comments(received);
    const auto semicolon = value.rfind(';');
    return semicolon == value.npos ? std::nullopt : parse_date(value.substr(semicolon + 1));
}

// Whether a host got the mail from a user or a program of its own. Such a field has no from clause
// (Postfix, sendmail, qmail), or one with the host itself, or with the user's number (dma,
// Courier), or the protocol "local" (Exim).
bool is_local(std::string_view received)
{
    const std::string from = received_clause(received, "from");
    return from.empty() ||
           is_any_of(from, {"localhost", "localhost.localdomain", "[127.0.0.1]", "[::1]"}) ||
           starts_ignoring_case(received_clause(received, "with"), "local") ||
           lower_case(received).find("(uid ") != received.npos;
}

} // namespace

const std::string* Header::find(std::string_view name) const
{
    const auto field = std::find_if(fields.begin(), fields.end(), [&](const Field& f) {
        return equal_ignoring_case(f.name, name);
    });
    return field == fields.end() ? nullptr : &field->value;
}

const std::string* Header::find_in_trace(std::string_view name) const
{
    for (const Field& field : fields) {
        if (equal_ignoring_case(field.name, "Received"))
            return nullptr;
        if (equal_ignoring_case(field.name, name))
            return &field.value;
    }
    return nullptr;
}

std::string received_clause(std::string_view received, std::string_view name)
{
    const std::string value = without_comments(received);
    const auto words = words_of(value);
    const auto word = std::find_if(words.begin(), words.end(), [&](std::string_view w) {
        return equal_ignoring_case(w, name);
    });
    return words.end() - word < 2 ? "" : std::string(word[1].substr(0, word[1].find(';')));
}

std::optional<std::chrono::sys_seconds> time_sent(const Header& header)
{
    std::optional<std::chrono::sys_seconds> own;
    for (auto field = header.fields.rbegin(); field != header.fields.rend(); ++field) {
        if (!equal_ignoring_case(field->name, "Received"))
            continue;
        const auto time = time_received(field->value);
        if (time && !is_local(field->value))
            return time;
        own = own ? own : time;
    }
    const std::string* date = header.find("Date");
    return own || !date ? own : parse_date(*date);
}
