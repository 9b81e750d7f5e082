#include "client/pending.hh"

#include "address.hh"
#include "ascii.hh"
#include "client/client_failure.hh"
#include "rfc5322.hh"

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

// Whether the field names a Message-ID with a tag: one of ours, or of a client that ran before.
bool has_tag(const std::string& field)
{
    const auto start = field.find('<'), end = field.find('@', start);
    return end != std::string::npos && end - start - 1 == tag_size &&
           std::all_of(field.begin() + static_cast<std::ptrdiff_t>(start) + 1,
                       field.begin() + static_cast<std::ptrdiff_t>(end), is_tag_digit);
}

bool is_automatic_reply(const Header& header)
{
    const std::string* field = header.find("Auto-Submitted");
    if (!field)
        return false;
    const std::string value = without_comments(*field);
    return equal_ignoring_case(trimmed(std::string_view(value).substr(0, value.find(';'))),
                               "auto-replied");
}

} // namespace

bool is_late(std::chrono::milliseconds age,
             const std::optional<std::chrono::system_clock::time_point>& expires,
             std::chrono::system_clock::time_point now)
{
    using namespace std::chrono_literals;
    constexpr auto longest_way = 45s + 20s; // the service's own limit + the life of an answer
    return age > longest_way || (expires && now > *expires);
}

std::optional<std::string> PendingRequests::open(Clock::time_point now)
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
    requests_[tag] = {now};
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

std::optional<std::string> PendingRequests::only_waiting() const
{
    std::optional<std::string> only;
    for (const auto& [tag, request] : requests_) {
        if (request.state != State::waiting)
            continue;
        if (only)
            return std::nullopt;
        only = tag;
    }
    return only;
}

bool PendingRequests::may_find(std::string_view head,
                               const std::vector<std::string>& recipients) const
{
    const auto has_tag_of_ours = [&](const std::string& text) { return tag_in(text).has_value(); };
    return tag_in(head) || std::any_of(recipients.begin(), recipients.end(), has_tag_of_ours) ||
           (accept_untagged_ && only_waiting());
}

std::optional<std::string> PendingRequests::find(const Header& header,
                                                 const std::vector<std::string>& recipients,
                                                 const std::string& sender) const
{
    bool is_about_another = false;
    for (const char* name : {"In-Reply-To", "References"})
        for (const auto& field : header.fields)
            if (equal_ignoring_case(field.name, name)) {
                if (auto tag = tag_in(field.value))
                    return tag;
                is_about_another = is_about_another || has_tag(field.value);
            }
    for (const std::string& recipient : recipients)
        if (auto tag = tag_in(recipient))
            return tag;
    const bool is_from_service =
        same_address(sender, service_) ||
        (header.from.size() == 1 && same_address(header.from.front(), service_));
    // Some providers give our mails Message-IDs of their own. Then the reply has no tag.
    if (accept_untagged_ && !is_about_another && is_from_service && is_automatic_reply(header))
        return only_waiting();
    return std::nullopt;
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
