#include "quota.hh"

#include "address.hh"
#include "domain.hh"
#include "public_suffix.hh"

#include <algorithm>

using std::chrono::nanoseconds;

namespace {

constexpr nanoseconds minute = std::chrono::minutes(1), hour = std::chrono::hours(1);

// One limit, and under which name the store keeps it.
struct Limit {
    std::string name;
    nanoseconds interval;
    int burst; // 0: no limit
};

Limit limit(std::string name, nanoseconds period, int per_period, int burst)
{
    if (per_period == 0 || burst == 0)
        return {std::move(name), {}, 0};
    return {std::move(name), period / per_period, burst};
}

bool admits(const Store& store, const Limit& limit, WallTime now)
{
    return limit.burst == 0 ||
           admit(store.arrival(limit.name), now, limit.interval, limit.burst).has_value();
}

// One over its limit stays at the limit.
void charge_to(Store& store, const Limit& limit, WallTime now)
{
    if (limit.burst > 0)
        if (const auto next = admit(store.arrival(limit.name), now, limit.interval, limit.burst))
            store.set_arrival(limit.name, *next);
}

bool is_half_used(const Store& store, const Limit& limit, WallTime now)
{
    return store.arrival(limit.name) - now > limit.interval * limit.burst / 2;
}

// What all share, and the part of it that one domain may have when little is left.
struct Pool {
    Limit whole, share;
};

Pool pool(const std::string& name, int per_minute, int share, const std::string& domain)
{
    const int part = std::max(1, per_minute * share / 100);
    return {limit(name, minute, per_minute, per_minute),
            limit(name + " of " + domain, minute, part, share < 100 && per_minute > 0 ? part : 0)};
}

std::optional<Reason> refusal_of(const Store& store, const Pool& pool, WallTime now)
{
    if (!admits(store, pool.whole, now))
        return Reason::over_host_quota;
    if (is_half_used(store, pool.whole, now) && !admits(store, pool.share, now))
        return Reason::over_domain_quota;
    return std::nullopt;
}

void charge_to(Store& store, const Pool& pool, WallTime now)
{
    charge_to(store, pool.whole, now);
    charge_to(store, pool.share, now);
}

// The limits that concern one sender.
struct Limits {
    Pool proxies_of_all, other_replies_of_all;
    Limit proxies, replies, help;
    std::string told_until; // the name of a time
};

Limits limits_of(const Settings::Quota& settings, const std::string& sender,
                 const std::string& domain)
{
    const int other_replies =
        settings.host_per_minute == 0 ? 0 : std::max(1, settings.host_per_minute / 10);
    return {
        pool("proxies", settings.host_per_minute, settings.domain_share, domain),
        pool("other replies", other_replies, settings.domain_share, domain),
        limit("proxies for " + sender, hour, settings.per_hour, settings.burst),
        limit("replies to " + sender, hour, 3 * settings.per_hour, 3 * settings.burst),
        limit("help for " + sender, 24 * hour, 1, 1),
        "told until, " + sender,
    };
}

const Pool& pool_of(const Limits& limits, Quota::Use use)
{
    return use == Quota::Use::proxy ? limits.proxies_of_all : limits.other_replies_of_all;
}

// How long it is until one more is admitted.
nanoseconds time_to_wait(const Store& store, const Limit& limit, WallTime now)
{
    return store.arrival(limit.name) - now - limit.interval * (limit.burst - 1);
}

Problem refusal_for(nanoseconds wait)
{
    Problem refusal = problem::too_many_requests;
    refusal.minutes =
        std::max(1, static_cast<int>(std::chrono::ceil<std::chrono::minutes>(wait).count()));
    return refusal;
}

// A sender with no proxy left is told so once, until there is one again.
std::optional<Reason> reason_not_to_tell(const Store& store, const Limits& limits, WallTime now)
{
    const nanoseconds told_for = store.arrival(limits.told_until) - now;
    const bool is_told = told_for.count() > 0 && told_for <= limits.proxies.interval;
    if (is_told || !admits(store, limits.replies, now))
        return Reason::over_quota;
    return refusal_of(store, limits.other_replies_of_all, now);
}

Problem refuse(Store& store, const Limits& limits, WallTime now)
{
    const nanoseconds wait = time_to_wait(store, limits.proxies, now);
    charge_to(store, limits.other_replies_of_all, now);
    charge_to(store, limits.replies, now);
    store.set_arrival(limits.told_until, now + wait);
    return refusal_for(wait);
}

} // namespace

std::optional<WallTime> admit(WallTime arrival, WallTime now, nanoseconds interval, int burst)
{
    if (arrival > now + interval * burst)
        arrival = now;
    arrival = std::max(arrival, now);
    if (arrival - now > interval * (burst - 1))
        return std::nullopt;
    return arrival + interval;
}

Quota::Quota(const Settings::Quota& settings, const std::string& sender)
    : settings_(settings), sender_(sender_identity(sender)),
      domain_(organisational_domain(folded_domain(domain_part(sender))))
{
}

// The limits of all come first: a mail that they refuse costs its sender nothing.
std::optional<Reason> Quota::reason_for_silence(const Store& store, Use use, WallTime now) const
{
    const Limits limits = limits_of(settings_, sender_, domain_);
    if (use == Use::help && !admits(store, limits.help, now))
        return Reason::no_request;
    if (const auto refusal = refusal_of(store, pool_of(limits, use), now))
        return refusal;
    if (use == Use::proxy && !admits(store, limits.proxies, now))
        return reason_not_to_tell(store, limits, now);
    if (!admits(store, limits.replies, now))
        return Reason::over_quota;
    return std::nullopt;
}

Quota::Verdict Quota::charge(Store& store, Use use, WallTime now) const
{
    if (const auto reason = reason_for_silence(store, use, now))
        return *reason;
    const Limits limits = limits_of(settings_, sender_, domain_);
    const Pool& of_all = pool_of(limits, use);
    if (use == Use::proxy && !admits(store, limits.proxies, now))
        return refuse(store, limits, now);
    charge_to(store, of_all, now);
    charge_to(store, limits.replies, now);
    if (use == Use::proxy)
        charge_to(store, limits.proxies, now);
    if (use == Use::help)
        charge_to(store, limits.help, now);
    return Admitted{};
}

bool Quota::charge_another_proxy(Store& store, WallTime now) const
{
    const Limits limits = limits_of(settings_, sender_, domain_);
    if (refusal_of(store, limits.proxies_of_all, now) || !admits(store, limits.proxies, now))
        return false;
    charge_to(store, limits.proxies_of_all, now);
    charge_to(store, limits.proxies, now);
    return true;
}

void Quota::give_back(Store& store, int proxies) const
{
    const Limit limit = limits_of(settings_, sender_, domain_).proxies;
    if (limit.burst > 0 && proxies > 0)
        store.set_arrival(limit.name, store.arrival(limit.name) - limit.interval * proxies);
}

Problem Quota::refusal(const Store& store, WallTime now) const
{
    return refusal_for(time_to_wait(store, limits_of(settings_, sender_, domain_).proxies, now));
}
