#pragma once
#include "recover/breaks.hh"
#include "recover/budget.hh"

#include <algorithm>
#include <cstddef>
#include <limits>

// Units that can be looked at only for a price: one character of the budget for each unit that is
// passed, each time. So no work on them can be left uncounted. Once the budget is spent, they read
// as if they ended there. The units and the budget are borrowed.
class PaidUnits {
  public:
    static constexpr char32_t no_unit = std::numeric_limits<char32_t>::max();
    static constexpr std::size_t npos = UnitsView::npos;

    PaidUnits() = default; // no units
    PaidUnits(UnitsView units, Budget& budget) : units_(units), budget_(&budget) {}

    std::size_t size() const { return units_.size(); } // free

    // A part of them: from `start` on, which may be their end, up to so many units; free.
    PaidUnits part(std::size_t start, std::size_t size = npos) const
    {
        PaidUnits result = *this;
        result.units_ = units_.substr(start, size);
        return result;
    }

    // The unit there; no_unit: they end before it.
    char32_t at(std::size_t place) const
    {
        return place < units_.size() && budget_->spend(1) ? units_[place] : no_unit;
    }

    // Where the first such part stands, from `start` on; npos: there is none.
    std::size_t find(UnitsView wanted, std::size_t start = 0) const
    {
        if (units_.empty() || budget_->is_spent())
            return npos;
        const auto found = units_.find(wanted, start);
        const auto end = std::min(found, units_.size());
        return end <= start || budget_->spend(end - start) ? found : npos;
    }

    // All of them, for work that passes each of them some times, no more than `times`.
    UnitsView read(std::size_t times = 1) const
    {
        return !units_.empty() && budget_->spend(times * units_.size()) ? units_ : UnitsView();
    }

  private:
    UnitsView units_;
    Budget* budget_ = nullptr;
};
