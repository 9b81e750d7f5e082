#include "client/response.hh"

#include "child.hh"
#include "failure.hh"
#include "handle.hh"
#include "lines.hh"
#include "link.hh"
#include "mail_reader.hh"
#include "marks.hh"
#include "openpgp/openpgp.hh"

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

using Read = std::function<std::optional<MailedResponse>()>; // none: about no request of ours

// What a child makes of so many octets. Nothing is of no request.
std::variant<std::string, Unread> compute_apart(const std::function<std::string()>& work,
                                                std::size_t octets, Clock::time_point until)
{
    ChildResult result = run_child(work, reader_limits(octets, time_left(until)), until);
    switch (result.end) {
    case ChildResult::End::done: break;
    case ChildResult::End::over_limit:
    case ChildResult::End::crashed: return Unread::unreadable;
    case ChildResult::End::host_fault: throw Failure(Reason::memory, "no memory to read the mail");
    }
    if (result.output.empty())
        return Unread::of_no_request;
    return std::move(result.output);
}

// What is read of so many octets in a child.
std::variant<MailedResponse, Unread> read_apart(const Read& read, std::size_t octets,
                                                Clock::time_point until)
{
    const auto work = [&]() -> std::string {
        const auto mailed = read();
        return mailed ? pack(*mailed) : "";
    };
    const auto packed = compute_apart(work, octets, until);
    if (const auto* unread = std::get_if<Unread>(&packed))
        return *unread;
    auto mailed = unpack(std::get<std::string>(packed));
    if (!mailed)
        return Unread::unreadable;
    return std::move(*mailed);
}

// The letters of base64url (RFC 4648 5).
constexpr std::string_view letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// What stands behind a "#", as it is or percent-encoded by redirectors: TAG.DATA and the rest.
struct LinkInText {
    std::string_view tag, rest; // the rest begins with DATA
};

std::vector<LinkInText> links_in(std::string_view text)
{
    constexpr std::size_t tag_size = 22, most = 16;
    std::vector<LinkInText> links;
    for (auto dot = text.find('.'); dot != text.npos && links.size() < most;
         dot = text.find('.', dot + 1)) {
        const std::string_view before = text.substr(0, dot);
        if (before.size() <= tag_size)
            continue;
        const std::string_view tag = before.substr(dot - tag_size),
                               base = before.substr(0, dot - tag_size);
        const auto ends_base = [&](std::string_view sign) { return base.ends_with(sign); };
        constexpr std::string_view signs[] = {"#", "%23", "%2523", "%252523"};
        if (tag.find_first_not_of(letters) == tag.npos &&
            std::any_of(std::begin(signs), std::end(signs), ends_base))
            links.push_back({tag, text.substr(dot + 1)});
    }
    return links;
}

// The response in DATA. Mail programs break long lines, so it may go on in the lines below. Some
// mark these: with ">", as mutt with "+", as Emacs with a backslash at the end of the one before.
std::optional<PollResponse> response_in_link(std::string_view rest)
{
    constexpr int most_lines = 40;
    std::string data;
    for (int line = 0; line < most_lines; ++line) {
        const auto run = rest.substr(0, rest.find_first_not_of(letters));
        data += run;
        if (run.empty())
            break;
        if (const auto json = read_link_data(data))
            return parse_poll_response(*json);
        rest.remove_prefix(run.size());
        const auto end = rest.find_first_not_of("\r =\\");
        if (end == rest.npos || rest[end] != '\n')
            break;
        rest.remove_prefix(end + 1);
        rest.remove_prefix(std::min(rest.find_first_not_of("> +"), rest.size()));
    }
    return std::nullopt;
}

Text as_text(std::string_view pasted)
{
    Text text{GString8(g_utf8_make_valid(pasted.data(), static_cast<gssize>(pasted.size()))).get()};
    drop_marks(text.text);
    return text;
}

std::optional<MailedResponse> read_pasted(std::string_view pasted, const FindPasted& find)
{
    const auto links = links_in(pasted);
    std::string tag = links.empty() ? find.newest : "";
    for (const LinkInText& link : links) {
        const auto found = find.by_link_tag(link.tag);
        if (!found)
            continue;
        tag = *found;
        if (auto response = response_in_link(link.rest))
            return MailedResponse{tag, {}, *std::move(response)};
    }
    if (tag.empty())
        return links.empty() ? std::nullopt : std::optional(MailedResponse{"", {}, NoResponse()});
    RecoveredResponse response = recover_response({as_text(pasted)});
    if (!links.empty() && std::holds_alternative<NoResponse>(response))
        response = Defect::altered; // the link was damaged, and there is nothing else
    return MailedResponse{tag, {}, std::move(response)};
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
    const auto read = [&]() -> std::optional<MailedResponse> {
        const Message message = parse_message(mail);
        const auto tag = find_tag(message);
        if (!tag)
            return std::nullopt;
        return MailedResponse{*tag, message.header.expires, recover_response(message.texts)};
    };
    return read_apart(read, mail.size(), until);
}

std::variant<SealedResponse, Unread>
read_sealed_apart(std::string_view mail,
                  const std::function<bool(const Message& message)>& seems_a_reply,
                  Clock::time_point until)
{
    constexpr char yes = '1', no = '0';
    const auto work = [&] {
        const Message message = parse_message(mail);
        std::string octets;
        find_encrypted(message, octets);
        return (seems_a_reply(message) ? yes : no) + octets;
    };
    const auto found = compute_apart(work, mail.size(), until);
    if (const auto* unread = std::get_if<Unread>(&found))
        return *unread;
    const std::string& text = std::get<std::string>(found);
    return SealedResponse{text[0] == yes, text.substr(1)};
}

std::variant<MailedResponse, Unread>
read_pasted_apart(std::string_view text, const FindPasted& find, Clock::time_point until)
{
    return read_apart([&] { return read_pasted(text, find); }, text.size(), until);
}
