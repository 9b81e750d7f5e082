#include "journal.hh"

#include "helpers.hh"
#include "temporary_directory.hh"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace {

using Use = Quota::Use;

const Settings::Quota settings{2, 30, 120, 25};
const std::string sender = "a@example.net";

// A store and the journals of one person's mails in it, each as one delivery sees it.
struct Deliveries {
    Store store;
    Quota quota{settings, sender};

    Journal of(const std::string& mail = "<1@a>") { return Journal(store, quota, sender, mail); }
    bool is_charged(int proxies)
    {
        int left = 0;
        for (int i = 0; i < settings.burst; ++i)
            left += quota.charge_another_proxy(store, std::chrono::system_clock::now());
        quota.give_back(store, left);
        return left == settings.burst - proxies;
    }
};

std::optional<Reply> no_reply() { return std::nullopt; }

} // namespace

TEST_CASE("a delivery finds the stage that the last one left, of that mail and sender alone")
{
    Deliveries deliveries;
    CHECK(deliveries.of().stage() == Stage::fresh);
    deliveries.of().charge(Use::proxy);
    CHECK(deliveries.of().stage() == Stage::charged);
    deliveries.of().set_asked();
    CHECK(deliveries.of().stage() == Stage::asked);
    deliveries.of().set_composed(Reason::answer, 0);
    CHECK(deliveries.of().stage() == Stage::composed);
    deliveries.of().set_sending();
    CHECK(deliveries.of().stage() == Stage::sending);
    deliveries.of().set_not_sent();
    CHECK(deliveries.of().stage() == Stage::composed);
    deliveries.of().set_done();
    CHECK(deliveries.of().stage() == Stage::done);
    CHECK(deliveries.of("<2@a>").stage() == Stage::fresh);
    CHECK(Journal(deliveries.store, deliveries.quota, "b@example.net", "<1@a>").stage() ==
          Stage::fresh);
    CHECK(Journal(deliveries.store, deliveries.quota, "a@example.net\n<1@a>", "").stage() ==
          Stage::fresh);
}

TEST_CASE("the stage of another version says that the mail was here")
{
    Deliveries deliveries;
    deliveries.store.set_mail(sender + "\n<1@a>", {"burnt", ""}, std::chrono::system_clock::now());
    CHECK(deliveries.of().stage() == Stage::done);
}

TEST_CASE("a mail is charged as its quota says, and gets back what was not spent")
{
    Deliveries deliveries;
    Journal journal = deliveries.of();
    journal.charge(Use::proxy);
    CHECK(deliveries.is_charged(1));
    CHECK(journal.charge_another_proxy());
    CHECK(!journal.charge_another_proxy());
    CHECK(deliveries.is_charged(2));
    journal.set_composed(Reason::no_proxy, 1);
    CHECK(deliveries.is_charged(1));
}

TEST_CASE("a mail that is refused and told is composed at once, a silent one stays fresh")
{
    Deliveries deliveries;
    for (const char* mail : {"<1@a>", "<2@a>", "<3@a>", "<4@a>"})
        deliveries.of(mail).charge(Use::proxy);
    CHECK(deliveries.of("<3@a>").stage() == Stage::composed);
    CHECK(reason_of(*deliveries.of("<3@a>").owed_reply({})) == Reason::too_many_requests);
    CHECK(deliveries.of("<4@a>").stage() == Stage::fresh);
}

TEST_CASE("a mail that was charged and no more goes on as it is")
{
    Deliveries deliveries;
    deliveries.of().charge(Use::proxy);
    CHECK(!deliveries.of().owed_reply(no_reply()));
    CHECK(reason_of(*deliveries.of().owed_reply(Help{"text"})) == Reason::help);
}

TEST_CASE("an answer is lost when the broker was asked and nothing went out")
{
    Deliveries deliveries;
    deliveries.of().charge(Use::proxy);
    deliveries.of().set_asked();
    CHECK(reason_of(*deliveries.of().owed_reply(no_reply())) == Reason::interrupted);
    // The mail may have become stale meanwhile.
    CHECK(reason_of(*deliveries.of().owed_reply(problem::stale)) == Reason::interrupted);
    for (const Reason reason : {Reason::answer, Reason::interrupted}) {
        deliveries.of().set_composed(reason, 0);
        CHECK(reason_of(*deliveries.of().owed_reply(no_reply())) == Reason::interrupted);
    }
}

TEST_CASE("a reply that says what went wrong is composed again")
{
    Deliveries deliveries;
    deliveries.of().charge(Use::proxy);
    for (const Reason reason :
         {Reason::no_proxy, Reason::timed_out, Reason::broker_failed, Reason::rejected}) {
        deliveries.of().set_composed(reason, 0);
        CHECK(reason_of(*deliveries.of().owed_reply(problem::stale)) == reason);
    }
    deliveries.of().set_composed(Reason::help, 0);
    CHECK(reason_of(*deliveries.of().owed_reply(Help{"text"})) == Reason::help);
    deliveries.of().set_composed(Reason::truncated, 0);
    CHECK(reason_of(*deliveries.of().owed_reply(problem::truncated)) == Reason::truncated);
}

TEST_CASE("a mail is known by its cover, too")
{
    Deliveries deliveries;
    const auto reason = [&](const std::string& cover) {
        return reason_to_leave_closed(deliveries.store, deliveries.quota, sender, cover);
    };
    const auto delivery = [&](const std::string& cover) {
        return Journal(deliveries.store, deliveries.quota, sender, "<1@a>", cover);
    };
    CHECK(!reason("<2@a>"));
    delivery("<2@a>").charge(Use::proxy);
    CHECK(!reason("<2@a>"));
    delivery("<2@a>").set_composed(Reason::no_proxy, 0);
    CHECK(!reason("<2@a>"));
    delivery("<2@a>").set_sending();
    CHECK(reason("<2@a>") == Reason::duplicate);
    delivery("<2@a>").set_done();
    CHECK(reason("<2@a>") == Reason::duplicate);
    CHECK(!reason("<3@a>"));
    CHECK(delivery("<3@a>").stage() == Stage::done);
}

TEST_CASE("an encrypted mail stays closed if its sender is over quota and was told so")
{
    Deliveries deliveries;
    const auto reason = [&] {
        return reason_to_leave_closed(deliveries.store, deliveries.quota, sender, "<9@a>");
    };
    for (const char* mail : {"<1@a>", "<2@a>"})
        deliveries.of(mail).charge(Use::proxy);
    CHECK(!reason()); // he isn't told yet
    deliveries.of("<3@a>").charge(Use::proxy);
    CHECK(reason() == Reason::over_quota);
    CHECK(!reason_to_leave_closed(deliveries.store, deliveries.quota, sender, "<3@a>")); // owed
    CHECK(deliveries.of("<9@a>").stage() == Stage::fresh);
}

TEST_CASE("a second delivery of a mail waits while the first is held")
{
    const TemporaryDirectory directory;
    const auto soon = [] { return Clock::now() + 100ms; };
    Store first(directory.path, soon()), second(directory.path, soon()),
        third(directory.path, soon());
    const Quota quota(settings, sender);
    const Journal held(first, quota, sender, "<1@a>");
    CHECK(failure_of([&] { Journal(second, quota, sender, "<1@a>"); }).starts_with("state: "));
    CHECK(failure_of([&] { Journal(third, quota, sender, "<2@a>"); }) == "");
}
