#include "client/response.hh"

#include "html.hh"

namespace {

// The length of the JSON object that the text begins with; 0: it has no end.
std::size_t length_of_object(std::string_view text)
{
    bool in_string = false;
    std::size_t depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{') {
            ++depth;
        } else if (c == '}' && --depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

// Undoes the wrapping of a mail program. No string of a response has a bare line break in it, and
// nothing else is taken out, so this can't make a bad response good.
std::string without_line_breaks(std::string text)
{
    std::erase_if(text, [](char c) { return c == '\n' || c == '\r'; });
    return text;
}

} // namespace

std::optional<FoundResponse> find_response(const std::vector<Text>& texts)
{
    constexpr int most_tries = 20;
    for (const Text& part : texts) {
        const std::string text = part.html ? html_to_text(part.text) : part.text;
        int tries = 0;
        for (std::size_t at = 0;
             (at = text.find("{\"", at)) != std::string::npos && tries < most_tries;
             ++at, ++tries) {
            const std::string_view json = std::string_view(text).substr(
                at, length_of_object(std::string_view(text).substr(at)));
            for (const std::string& reading :
                 {std::string(json), without_line_breaks(std::string(json))})
                if (const auto response = parse_poll_response(reading))
                    return FoundResponse{reading, *response};
        }
    }
    return std::nullopt;
}
