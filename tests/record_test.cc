#include "record.hh"

#include "helpers.hh"
#include "temporary_directory.hh"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace {

const auto soon = [] { return Clock::now() + 20ms; };

} // namespace

TEST_CASE("a mail's stage is kept until it comes again, for that sender and identity only")
{
    const TemporaryDirectory directory;
    const State state(directory.path);
    const auto stage_of = [&](const char* sender, const char* id) {
        return Record(state, sender, id, soon()).stage();
    };
    CHECK(stage_of("a@example.net", "<1@a>") == Stage::fresh);
    for (const Stage stage :
         {Stage::asked, Stage::sending, Stage::done, Stage::asked, Stage::fresh, Stage::done}) {
        Record(state, "a@example.net", "<1@a>", soon()).set(stage);
        CHECK(stage_of("a@example.net", "<1@a>") == stage);
        CHECK(stage_of("b@example.net", "<1@a>") == Stage::fresh);
        CHECK(stage_of("a@example.net", "<2@a>") == Stage::fresh);
    }
    CHECK(stage_of("a@example.net<1@a>", "") == Stage::fresh);
}

TEST_CASE("a second delivery of a mail waits while the first is held")
{
    const TemporaryDirectory directory;
    const State state(directory.path);
    Record first(state, "a@example.net", "<1@a>", soon());
    first.set(Stage::asked);
    CHECK(first.stage() == Stage::asked);
    CHECK(failure_of([&] {
              Record(state, "a@example.net", "<1@a>", soon());
          }).starts_with("state: "));
    CHECK(failure_of([&] { Record(state, "a@example.net", "<2@a>", soon()); }) == "");
}

TEST_CASE("where no state is kept every mail is new")
{
    const State none;
    Record record(none, "a@example.net", "<1@a>", soon());
    record.set(Stage::done);
    CHECK(record.stage() == Stage::done);
    CHECK(Record(none, "a@example.net", "<1@a>", soon()).stage() == Stage::fresh);
}
