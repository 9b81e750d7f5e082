#include "recover/paid_units.hh"

#include <doctest/doctest.h>

TEST_CASE("each look at units takes from the budget what it passes")
{
    const Units text = U"abcdef";
    Budget budget(100);
    const PaidUnits units(text, budget);
    CHECK(units.at(2) == U'c');
    CHECK(budget.left() == 99);
    CHECK(units.find(U"de", 1) == 3);
    CHECK(budget.left() == 97);
    CHECK(units.find(U"x") == PaidUnits::npos);
    CHECK(budget.left() == 91);
    CHECK(units.part(1, 3).read() == U"bcd");
    CHECK(budget.left() == 88);
    CHECK(units.read(10) == U"abcdef");
    CHECK(budget.left() == 28);
}

TEST_CASE("a part costs nothing until it is looked at")
{
    const Units text = U"abcdef";
    Budget budget(100);
    CHECK(PaidUnits(text, budget).part(2).size() == 4);
    CHECK(PaidUnits(text, budget).part(6).size() == 0);
    CHECK(budget.left() == 100);
}

TEST_CASE("once the budget is spent, units end, and looking at them is no work")
{
    const Units text = U"abcdef";
    for (const std::size_t characters : {0, 3}) {
        Budget budget(characters);
        const PaidUnits units(text, budget);
        CHECK(units.find(U"f") == PaidUnits::npos);
        CHECK(budget.is_spent());
        CHECK(units.find(U"a") == PaidUnits::npos);
        CHECK(units.at(0) == PaidUnits::no_unit);
        CHECK(units.read().empty());
    }
}

TEST_CASE("behind the end there is no unit")
{
    const Units text = U"a";
    Budget budget(100);
    CHECK(PaidUnits(text, budget).at(1) == PaidUnits::no_unit);
    CHECK(PaidUnits(text, budget).find(U"a", 5) == PaidUnits::npos);
    CHECK(PaidUnits().read().empty());
    CHECK(PaidUnits().find(U"a") == PaidUnits::npos);
}
