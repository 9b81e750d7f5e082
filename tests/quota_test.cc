#include "quota.hh"

#include "domain.hh"
#include "public_suffix.hh"

#include "temporary_directory.hh"

#include <doctest/doctest.h>
#include <vector>

using namespace std::chrono_literals;

namespace {

constexpr WallTime now{1795420800s};

// What comes of mails at these times after `now`, one letter each: + is let in.
std::string admitted(const std::vector<std::chrono::nanoseconds>& times,
                     std::chrono::nanoseconds interval, int burst, WallTime arrival = {})
{
    std::string letters;
    for (const auto time : times) {
        const auto next = admit(arrival, now + time, interval, burst);
        letters += next ? '+' : '-';
        arrival = next.value_or(arrival);
    }
    return letters;
}

using Use = Quota::Use;

// What becomes of mails of these senders, all at `time`: + admitted, ! refused and told, and else
// the first letter of the reason behind "over-": q(uota), h(ost), d(omain); n: no-request.
std::string outcomes(Store& store, const Settings::Quota& settings,
                     const std::vector<std::string>& senders, Use use = Use::proxy,
                     WallTime time = now)
{
    std::string letters;
    for (const std::string& sender : senders) {
        const Quota quota(settings, sender);
        const auto foretold = quota.reason_for_silence(store, use, time);
        const auto verdict = quota.charge(store, use, time);
        CHECK(foretold == (std::holds_alternative<Reason>(verdict)
                               ? std::optional(std::get<Reason>(verdict))
                               : std::nullopt));
        if (const auto* reason = std::get_if<Reason>(&verdict))
            letters += *reason == Reason::over_quota          ? 'q'
                       : *reason == Reason::over_host_quota   ? 'h'
                       : *reason == Reason::over_domain_quota ? 'd'
                                                              : 'n';
        else
            letters += std::holds_alternative<Problem>(verdict) ? '!' : '+';
    }
    return letters;
}

std::vector<std::string> times(std::size_t count, const std::string& sender)
{
    return std::vector<std::string>(count, sender);
}

// Each with a domain of its own.
std::vector<std::string> others(int count, const std::string& name = "a")
{
    std::vector<std::string> senders;
    for (int i = 0; i < count; ++i)
        senders.push_back(name + "@" + name + std::to_string(i) + ".example");
    return senders;
}

// All of one domain.
std::vector<std::string> colleagues(int count, const std::string& domain)
{
    std::vector<std::string> senders;
    for (int i = 0; i < count; ++i)
        senders.push_back("a" + std::to_string(i) + "@" + domain);
    return senders;
}

const std::string a = "a@example.net";

} // namespace

TEST_CASE("ITU-T I.371: after a rest a burst is let in at once, later one each interval")
{
    CHECK(admitted({0s, 0s, 0s, 0s}, 10s, 3) == "+++-");
    CHECK(admitted({0s, 0s, 0s, 9s, 10s, 10s, 19s, 20s}, 10s, 3) == "+++-+--+");
    CHECK(admitted({0s, 0s, 0s, 0s, 31s, 31s, 31s, 31s}, 10s, 3) ==
          "+++-+++-"); // a rest refills the burst and no more
    CHECK(admitted({0s, 0s, 10s, 19s, 20s}, 10s, 1) == "+-+-+");
    CHECK(admitted({0s, 15s, 20s}, 10s, 1) == "++-"); // half an interval isn't saved up
}

TEST_CASE("what is refused costs nothing")
{
    CHECK(admitted({0s, 1s, 2s, 3s, 4s, 5s, 6s, 7s, 8s, 9s, 10s}, 10s, 1) == "+---------+");
}

TEST_CASE(
    "an arrival time of long ago is a rest, one that the clock can't have led to is none: it was "
    "set back")
{
    CHECK(admitted({0s, 0s}, 10s, 1, now - 100000h) == "+-");
    CHECK(admitted({0s, 0s}, 10s, 1, now + 24h * 365) == "+-");
    CHECK(admitted({0s, 0s, 0s}, 10s, 2, now + 21s) == "++-");
    CHECK(admitted({0s, 1s, 10s}, 10s, 2, now + 20s) == "--+"); // just what two at once leave
}

TEST_CASE("a sender has a burst of proxies at once, later one each interval, and 0 is no limit")
{
    const Settings::Quota settings{5, 30, 120, 100};
    Store store;
    CHECK(outcomes(store, settings, times(7, a)) == "+++++!q");
    CHECK(outcomes(store, settings, times(2, a), Use::proxy, now + 2min) == "+!");
    CHECK(outcomes(store, settings, {"b@example.net", "A+b@Example.net"}, Use::proxy, now + 2min) ==
          "+q");
    for (const Settings::Quota& none : {Settings::Quota{0, 30, 0, 100}, {5, 0, 0, 100}}) {
        Store fresh;
        CHECK(outcomes(fresh, none, times(100, a)) == std::string(100, '+'));
    }
}

TEST_CASE("over the quota a sender is told how long to wait, once until there is a proxy again")
{
    const Settings::Quota settings{2, 30, 120, 25};
    Store store;
    const Quota quota(settings, a);
    const auto charge = [&](WallTime time) { return quota.charge(store, Use::proxy, time); };
    charge(now);
    charge(now);
    for (const auto& [time, minutes] : {std::pair(now + 30s, 2), {now + 3min, 1}}) {
        const auto verdict = charge(time);
        REQUIRE(std::holds_alternative<Problem>(verdict));
        CHECK(std::get<Problem>(verdict).minutes == minutes);
        CHECK(quota.refusal(store, time).minutes == minutes);
        CHECK(std::get<Reason>(charge(time + 1s)) == Reason::over_quota);
        CHECK(std::holds_alternative<Quota::Admitted>(charge(time + minutes * 1min)));
    }
    CHECK(quota.refusal(store, now + 1h).minutes == 1); // never none
}

TEST_CASE("what is given back can be had again, and no more than that")
{
    const Settings::Quota settings{2, 30, 120, 25};
    Store store;
    const Quota quota(settings, a);
    CHECK(outcomes(store, settings, times(2, a)) == "++");
    quota.give_back(store, 1);
    CHECK(outcomes(store, settings, times(2, a)) == "+!");
    quota.give_back(store, 5);
    CHECK(outcomes(store, settings, times(3, a)) == "++q");
    quota.give_back(store, 0);
    CHECK(outcomes(store, settings, times(1, a)) == "q");
}

TEST_CASE("a second proxy for one mail is charged, and needs no second reply")
{
    const Settings::Quota settings{2, 30, 120, 25};
    Store store;
    const Quota quota(settings, a);
    CHECK(outcomes(store, settings, {a}) == "+");
    CHECK(quota.charge_another_proxy(store, now));
    CHECK(!quota.charge_another_proxy(store, now));
    CHECK(outcomes(store, settings, {a}) == "!");
    CHECK(outcomes(store, settings, times(5, a), Use::error) == "++++q"); // 3 * 2 with the others
}

TEST_CASE("no address is sent more than three times its burst and rate, whatever the replies say")
{
    const Settings::Quota settings{2, 20, 6000, 100};
    Store store;
    CHECK(outcomes(store, settings, times(7, a), Use::error) == "++++++q");
    CHECK(outcomes(store, settings, {a}, Use::proxy) == "q");
    CHECK(outcomes(store, settings, {a}, Use::help) == "q");
    CHECK(outcomes(store, settings, times(2, a), Use::error, now + 1min) == "+q");

    // Each asks for a proxy that is not there, and is given back what was charged.
    Store another;
    std::string letters;
    for (int i = 0; i < 7; ++i) {
        letters += outcomes(another, settings, {a});
        Quota(settings, a).give_back(another, 1);
    }
    CHECK(letters == "++++++q");
}

TEST_CASE("the limit of all comes first, and who is refused by it is charged nothing")
{
    const Settings::Quota settings{1, 30, 4, 100};
    Store store;
    CHECK(outcomes(store, settings, others(4)) == "++++");
    CHECK(outcomes(store, settings, {a, a, "a@a0.example"}) == "hhh");
    CHECK(outcomes(store, settings, {a, "a@a0.example"}, Use::proxy, now + 15s) == "+h");
    CHECK(outcomes(store, {1, 30, 0, 25}, others(500, "b")) == std::string(500, '+'));
}

TEST_CASE("one domain has its share of what all have, once less than half of that is left")
{
    const Settings::Quota settings{5, 30, 40, 25};
    Store store;
    // More than half is left: nobody needs to share. Then this one has had its share.
    CHECK(outcomes(store, settings, colleagues(25, "example.net")) ==
          std::string(21, '+') + "dddd");
    CHECK(outcomes(store, settings, {"a@mail.example.net"}) == "d"); // the organisational domain
    CHECK(outcomes(store, settings, colleagues(12, "example.org")) == std::string(10, '+') + "dd");
    CHECK(outcomes(store, settings, others(10)) == "+++++++++h");
    // Ten a minute for the share of it.
    CHECK(outcomes(store, settings, colleagues(1, "example.net"), Use::proxy, now + 6s) == "+");
    CHECK(outcomes(store, {5, 30, 40, 100}, colleagues(40, "example.com"), Use::proxy,
                   now + 10min) == std::string(40, '+'));
}

TEST_CASE("of a thousand domains each has no more than its share; only [auth] require stops them")
{
    const Settings::Quota settings{5, 30, 40, 25};
    Store store;
    const std::string letters = outcomes(store, settings, others(1000));
    CHECK(letters == std::string(40, '+') + std::string(960, 'h'));
}

TEST_CASE("error replies, help and refusals have a pool of their own: a tenth of the limit of all")
{
    const Settings::Quota settings{1, 30, 40, 25};
    for (const Use use : {Use::error, Use::help}) {
        Store store;
        CHECK(outcomes(store, settings, others(6), use) == "++++hh");
        CHECK(outcomes(store, settings, {a}) == "+"); // it does not touch the other pool
        CHECK(outcomes(store, settings, {a}) == "h"); // a refusal needs it
        CHECK(outcomes(store, settings, {"b@example.com"}, use, now + 15s) == "+");
    }
    Store store;
    CHECK(outcomes(store, {1, 30, 40, 100}, times(6, a), Use::error) == "+++qqq");
    Store another;
    CHECK(outcomes(another, {1, 30, 4, 25}, others(2), Use::error) == "+h"); // one at least
    CHECK(outcomes(another, {1, 30, 0, 25}, others(99), Use::error) == std::string(99, '+'));
}

TEST_CASE("one domain can't have the whole pool of the other replies")
{
    const Settings::Quota settings{5, 30, 120, 25};
    Store store;
    CHECK(outcomes(store, settings, colleagues(9, "example.net"), Use::error) == "+++++++dd");
    CHECK(outcomes(store, settings, others(5), Use::error) == "+++++");
}

TEST_CASE("a help text is one a day, and a second one costs nothing")
{
    const Settings::Quota settings{2, 30, 120, 25};
    Store store;
    CHECK(outcomes(store, settings, times(6, a), Use::help) == "+nnnnn");
    CHECK(outcomes(store, settings, times(6, a), Use::error) == "+++++q");
    CHECK(outcomes(store, settings, {a}, Use::help, now + 23h) == "n");
    CHECK(outcomes(store, settings, {a}, Use::help, now + 24h) == "+");
}

TEST_CASE("a clock that was set back locks nobody out, and silences no refusal")
{
    const Settings::Quota settings{2, 30, 4, 25};
    Store store;
    CHECK(outcomes(store, settings, times(4, a), Use::proxy, now + 24h * 365) == "++!q");
    CHECK(outcomes(store, settings, times(4, a)) == "++!q");
}

TEST_CASE("a forwarder's word of a person counts for the forwarder's domain, as another sender")
{
    const Settings::Quota settings{1, 30, 120, 25};
    const std::string forwarded = "SRS0=h=d=example.net=a@evil.example";
    Store store;
    CHECK(outcomes(store, settings, {forwarded, forwarded, a}) == "+!+");
    CHECK(outcomes(store, settings, {"SRS0=h=d=example.net=a@forwarder.example"}) == "+");

    std::vector<std::string> many;
    for (int i = 0; i < 100; ++i)
        many.push_back("SRS0=h=d=example.net=a" + std::to_string(i) + "@mail.evil.example");
    Store another;
    CHECK(outcomes(another, settings, many) == std::string(61, '+') + std::string(39, 'd'));
    CHECK(outcomes(another, settings, {a}) == "+");
}

TEST_CASE("a domain in letters of its language and in ASCII is one")
{
    Store store;
    CHECK(outcomes(store, {1, 30, 120, 25}, {"a@bücher.example", "a@XN--bcher-kva.example."}) ==
          "+!");
    CHECK(organisational_domain(folded_domain("mail.bücher.example")) == "bücher.example");
}
