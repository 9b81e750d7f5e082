#pragma once
#include "recover/budget.hh"
#include "recover/units.hh"

#include <map>
#include <set>
#include <string_view>
#include <vector>

// Decides about the breaks in a session description: each stood for a blank or for nothing, by the
// grammar of its line.
class Mender {
  public:
    // All are borrowed. `origin` is as origin_of() gives it.
    Mender(std::string_view text, const Breaks& breaks, std::string_view origin, Budget& budget)
        : text_(text), breaks_(breaks), origin_(origin), budget_(budget)
    {
    }

    // False where a line has no reading that is known, or several and the other lines don't tell
    // which is meant.
    bool mend(UnitsView sdp);

    const Readings& readings() const { return readings_; }

  private:
    bool is_known(UnitsView line, const Readings& chosen);
    void decide(UnitsView line, const Readings& chosen);
    std::vector<Readings> fitting_readings(UnitsView line);
    bool mend_as_others(UnitsView line);

    std::string_view text_;
    const Breaks& breaks_; // borrowed
    std::string_view origin_;
    Budget& budget_; // borrowed
    std::map<std::string_view, std::set<bool>>
        habits_; // whether the breaks that are written so stood for a blank
    Readings readings_;
};
