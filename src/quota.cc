#include "quota.hh"

#include "address.hh"
#include "failure.hh"

#include <algorithm>
#include <sys/stat.h>

using std::chrono::nanoseconds;

std::optional<WallTime> admit(WallTime arrival, WallTime now, nanoseconds interval, int burst)
{
    if (arrival > now + interval * burst)
        arrival = now;
    arrival = std::max(arrival, now);
    if (arrival - now > interval * (burst - 1))
        return std::nullopt;
    return arrival + interval;
}

Quota::Quota(const State& state, const Settings::Quota& settings, const std::string& sender,
             Clock::time_point until)
    : state_(state), settings_(settings), sender_(sender_identity(sender)), until_(until)
{
}

bool Quota::is_let_in(const char* kind, const std::string& name, nanoseconds interval,
                      int burst) const
{
    if (!state_.is_kept())
        return true;
    const Fd file = state_.open_locked(kind, name, until_);
    struct stat status;
    if (fstat(file.get(), &status) != 0)
        throw Failure(Reason::state, "state directory: a file can't be read");
    const WallTime kept{std::chrono::seconds(status.st_mtim.tv_sec) +
                        nanoseconds(status.st_mtim.tv_nsec)};
    const auto next = admit(kept, std::chrono::system_clock::now(), interval, burst);
    if (!next)
        return false;
    const auto since_epoch = next->time_since_epoch();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
    const timespec times[2] = {{0, UTIME_OMIT}, {seconds.count(), (since_epoch - seconds).count()}};
    if (futimens(file.get(), times) != 0)
        throw Failure(Reason::state, "state directory: a time can't be kept");
    return true;
}

std::optional<Reason> Quota::charge() const
{
    constexpr nanoseconds hour = std::chrono::hours(1), minute = std::chrono::minutes(1);
    if (settings_.burst > 0 && settings_.per_hour > 0 &&
        !is_let_in("quota", sender_, hour / settings_.per_hour, settings_.burst))
        return Reason::over_quota;
    if (settings_.host_per_minute > 0 &&
        !is_let_in("quota", "", minute / settings_.host_per_minute, settings_.host_per_minute))
        return Reason::over_host_quota;
    return std::nullopt;
}

std::optional<Reason> Quota::charge_help() const
{
    if (!is_let_in("help", sender_, std::chrono::hours(24), 1))
        return Reason::no_request;
    return charge();
}
