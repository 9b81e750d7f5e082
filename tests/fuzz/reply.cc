// The header of a reply. The input: the subject of the settings, then fields of the header that is
// answered, each on a line.
#include "checks.hh"
#include "reply_mail.hh"
#include "reply_text.hh"

void fuzz(std::string_view input)
{
    // As in a header that was read, no octet is a control character.
    std::string text(input);
    std::replace_if(
        text.begin(), text.end(),
        [](char c) { return (c >= 0 && c < ' ' && c != '\n') || c == '\x7f'; }, ' ');
    input = text;
    const std::string subject = take_input_line(input);
    Header header;
    while (!input.empty()) {
        const std::string line = take_input_line(input);
        const auto colon = line.find(':');
        header.fields.push_back(
            {line.substr(0, colon), colon == line.npos ? "" : line.substr(colon + 1)});
    }
    const auto now = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000));
    const Reply replies[] = {Answer{R"({"answer":"{\"type\":\"answer\",\"sdp\":\"v=0\"}"})", now},
                             problem::stale, Help{text}};
    for (const Reply& reply : replies)
        check_reply(write_reply_mail(
            reply, write_reply_text(reply, NoRequest(), "", read_sentences("contrib/help", {"fa"})),
            "snowflake@example.org", "user@example.net", header, subject, now));
}
