#include "client/pending.hh"

#include "ascii.hh"
#include "client/client_failure.hh"

#include <algorithm>
#include <array>
#include <glib.h>
#include <sys/random.h>

namespace {

constexpr std::size_t tag_size = 32; // hex digits

std::string random_tag()
{
    std::array<unsigned char, tag_size / 2> octets;
    if (getrandom(octets.data(), octets.size(), 0) != static_cast<ssize_t>(octets.size()))
        throw ClientFailure("no random numbers");
    std::string tag;
    for (const unsigned char octet : octets) {
        tag += "0123456789abcdef"[octet >> 4];
        tag += "0123456789abcdef"[octet & 15];
    }
    return tag;
}

bool is_tag_digit(char c) { return g_ascii_isdigit(c) || (c >= 'a' && c <= 'f'); }

} // namespace

bool is_late(std::chrono::milliseconds age,
             const std::optional<std::chrono::system_clock::time_point>& expires,
             std::chrono::system_clock::time_point now)
{
    using namespace std::chrono_literals;
    constexpr auto longest_way = 45s + 20s; // the service's own limit + the life of an answer
    return age > longest_way || (expires && now > *expires);
}

std::optional<std::string> PendingRequests::open(Clock::time_point now, const std::string& link_tag)
{
    std::erase_if(requests_, [&](const auto& request) {
        return request.second.state != State::waiting &&
               now - request.second.mailed > std::chrono::hours(1);
    });
    const auto recent = std::count_if(requests_.begin(), requests_.end(), [&](const auto& request) {
        return now - request.second.mailed < std::chrono::minutes(1);
    });
    if (recent >= per_minute_)
        return std::nullopt;
    std::string tag = random_tag();
    requests_[tag] = {now, link_tag};
    return tag;
}

std::optional<std::string> PendingRequests::tag_in(std::string_view text) const
{
    std::size_t run = 0; // of hex digits
    for (std::size_t i = 0; i < text.size(); ++i) {
        run = is_tag_digit(text[i]) ? run + 1 : 0;
        if (run < tag_size)
            continue;
        std::string tag(text.substr(i + 1 - tag_size, tag_size));
        if (requests_.contains(tag))
            return tag;
    }
    return std::nullopt;
}

bool PendingRequests::may_find(std::string_view head,
                               const std::vector<std::string>& recipients) const
{
    const auto has_tag_of_ours = [&](const std::string& text) { return tag_in(text).has_value(); };
    return tag_in(head) || std::any_of(recipients.begin(), recipients.end(), has_tag_of_ours);
}

std::optional<std::string> PendingRequests::find(const Header& header,
                                                 const std::vector<std::string>& recipients) const
{
    for (const char* name : {"In-Reply-To", "References"})
        for (const auto& field : header.fields)
            if (equal_ignoring_case(field.name, name))
                if (auto tag = tag_in(field.value))
                    return tag;
    for (const std::string& recipient : recipients)
        if (auto tag = tag_in(recipient))
            return tag;
    return std::nullopt;
}

bool PendingRequests::awaits_link() const
{
    return std::any_of(requests_.begin(), requests_.end(), [](const auto& request) {
        return request.second.state == State::waiting && !request.second.link_tag.empty();
    });
}

std::optional<std::string> PendingRequests::find_linked(std::string_view text) const
{
    for (const auto& [tag, request] : requests_)
        if (request.state == State::waiting && !request.link_tag.empty() &&
            text.find(request.link_tag) != text.npos)
            return tag;
    return std::nullopt;
}

std::optional<std::string> PendingRequests::find_by_link_tag(std::string_view link_tag) const
{
    std::optional<std::string> found;
    if (link_tag.empty())
        return found;
    // The same offer may have been sent twice: the request that waits counts.
    for (const auto& [tag, request] : requests_)
        if (request.link_tag == link_tag && (!found || request.state == State::waiting))
            found = tag;
    return found;
}

PendingRequests::State PendingRequests::state(const std::string& tag) const
{
    const auto found = requests_.find(tag);
    return found == requests_.end() ? State::given_up : found->second.state;
}

std::chrono::milliseconds PendingRequests::age(const std::string& tag, Clock::time_point now) const
{
    return std::chrono::floor<std::chrono::milliseconds>(now - requests_.at(tag).mailed);
}

void PendingRequests::settle(const std::string& tag, State state)
{
    requests_.at(tag).state = state;
}
