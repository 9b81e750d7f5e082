#include "client/pause.hh"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace {

using namespace std::chrono_literals;

constexpr std::string_view no_proxy = "no snowflake proxies currently available"; // the broker's

// N in "too many requests; wait N minutes", which snowflake-mail says. None: other words.
std::optional<std::chrono::minutes> minutes_to_wait(std::string_view words)
{
    constexpr std::string_view refusal = "too many requests; wait ";
    constexpr int longest = 24 * 60;
    if (!words.starts_with(refusal))
        return std::nullopt;
    words.remove_prefix(refusal.size());
    int minutes = 0;
    const auto [end, fault] = std::from_chars(words.data(), words.data() + words.size(), minutes);
    const auto digits = static_cast<std::size_t>(end - words.data());
    if (fault == std::errc::result_out_of_range)
        minutes = longest;
    else if (fault != std::errc() || minutes < 1)
        return std::nullopt;
    if (!words.substr(digits).starts_with(" minute"))
        return std::nullopt;
    return std::chrono::minutes(std::min(minutes, longest));
}

// A request without one is of an unknown NAT.
std::string nat_of(const PollRequest& request)
{
    return request.nat.empty() ? "unknown" : request.nat;
}

} // namespace

void Pause::take_note(const PollResponse& response, Clock::time_point now)
{
    if (response.is_answer)
        no_proxy_.reset();
    else if (const auto minutes = minutes_to_wait(response.error))
        refused_ = {response, now + *minutes};
    else if (response.error.starts_with(no_proxy))
        no_proxy_ = {response, now + 1min};
}

const PollResponse* Pause::response_to(const PollRequest& request, Clock::time_point now) const
{
    if (refused_ && now < refused_->end)
        return &refused_->response;
    if (no_proxy_ && now < no_proxy_->end && nat_of(request) == last_nat_)
        return &no_proxy_->response;
    return nullptr;
}

void Pause::mailed(const PollRequest& request) { last_nat_ = nat_of(request); }
