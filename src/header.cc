#include "header.hh"

#include "ascii.hh"
#include "handle.hh"

#include <algorithm>
#include <gmime/gmime.h>

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

std::optional<std::chrono::sys_seconds> parse_date(const std::string& text)
{
    const Handle<GDateTime, g_date_time_unref> date(g_mime_utils_header_decode_date(text.c_str()));
    if (!date)
        return std::nullopt;
    return std::chrono::sys_seconds(std::chrono::seconds(g_date_time_to_unix(date.get())));
}

std::optional<std::chrono::sys_seconds> time_sent(const Header& header)
{
    for (auto field = header.fields.rbegin(); field != header.fields.rend(); ++field)
        if (equal_ignoring_case(field->name, "Received"))
            if (const auto semicolon = field->value.rfind(';'); semicolon != std::string::npos)
                if (const auto date = parse_date(field->value.substr(semicolon + 1)))
                    return date;
    const std::string* date = header.find("Date");
    return date ? parse_date(*date) : std::nullopt;
}
