#include "client/response.hh"

#include "child.hh"
#include "failure.hh"
#include "lines.hh"
#include "mail_reader.hh"
#include "message.hh"

#include <algorithm>
#include <charconv>
#include <glib.h>

namespace {

constexpr std::string_view answer = "answer", error = "error", damaged = "damaged", none = "none";

// Four parts: the tag, the seconds of Expires or nothing, one of the words above, each on a line
// of its own; then the words of the response.
std::string pack(const MailedResponse& mailed)
{
    std::string packed = mailed.tag + "\n";
    if (mailed.expires)
        packed += std::to_string(mailed.expires->time_since_epoch().count());
    packed += "\n";
    if (const auto* response = std::get_if<PollResponse>(&mailed.response))
        return packed + std::string(response->is_answer ? answer : error) + "\n" +
               (response->is_answer ? response->answer : response->error);
    const bool is_damaged = std::holds_alternative<Defect>(mailed.response);
    return packed + std::string(is_damaged ? damaged : none) + "\n";
}

std::string next_line(std::string_view& text)
{
    return text.empty() ? "" : std::string(without_line_feed(take_line(text)));
}

std::optional<std::chrono::sys_seconds> time_from(std::string_view text)
{
    constexpr std::int64_t most = 1LL << 32;
    std::int64_t seconds = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (text.empty() || fault != std::errc() || end != text.data() + text.size() || seconds < 0 ||
        seconds > most)
        return std::nullopt;
    return std::chrono::sys_seconds(std::chrono::seconds(seconds));
}

// A stranger may have got control of the child: the words may be any. No JSON is read here.
std::optional<MailedResponse> unpack(std::string_view packed)
{
    constexpr std::size_t longest_words = 100'000; // that Snowflake's client takes
    MailedResponse mailed;
    mailed.tag = next_line(packed);
    mailed.expires = time_from(next_line(packed));
    const std::string kind = next_line(packed);
    const std::string words(packed);
    if (words.size() > longest_words || !g_utf8_validate_len(words.data(), words.size(), nullptr))
        return std::nullopt;
    if (kind == answer && words.starts_with('{'))
        mailed.response = PollResponse{true, "", words};
    else if (kind == error && !words.empty())
        mailed.response = PollResponse{false, words, ""};
    else if (kind == damaged && words.empty())
        mailed.response = Defect::altered;
    else if (kind != none || !words.empty())
        return std::nullopt;
    return mailed;
}

} // namespace

std::string_view head_of(std::string_view mail)
{
    constexpr std::size_t longest = 1 << 18;
    mail = mail.substr(0, longest);
    return mail.substr(0, std::min(mail.find("\n\n"), mail.find("\n\r\n")));
}

std::variant<MailedResponse, Unread>
read_response_apart(std::string_view mail, const FindTag& find_tag, Clock::time_point until)
{
    const auto read = [&]() -> std::string {
        const Message message = parse_message(mail);
        const auto tag = find_tag(message.header);
        if (!tag)
            return "";
        return pack({*tag, message.header.expires, recover_response(message.texts)});
    };
    const ChildResult result = run_child(read, reader_limits(mail.size(), time_left(until)), until);
    switch (result.end) {
    case ChildResult::End::done: break;
    case ChildResult::End::over_limit:
    case ChildResult::End::crashed: return Unread::unreadable;
    case ChildResult::End::host_fault: throw Failure(Reason::memory, "no memory to read the mail");
    }
    if (result.output.empty())
        return Unread::of_no_request;
    auto mailed = unpack(result.output);
    if (!mailed)
        return Unread::unreadable;
    return std::move(*mailed);
}
