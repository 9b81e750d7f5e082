#pragma once
#include "recover/budget.hh"
#include "recover/certainty.hh"
#include "text.hh"

#include <deque>
#include <optional>
#include <string>
#include <unordered_set>

// A text as it came, or as it may have been before some damage was repaired.
struct Version {
    std::string text;
    Certainty certainty = Certainty::exact;
    int repairs = 0; // that were made, one on top of the other
};

// The versions of one text, those with the fewest repairs first. Of each only the lines are left
// that are quoted no deeper than a depth. Bounded by the budget, in their number and in their
// octets; no text comes twice.
class Versions {
  public:
    // The budget is borrowed.
    Versions(const Text& text, int quote_depth, Budget& budget);

    // None: there are no more, or no more may be looked at.
    std::optional<Version> next();

    // Adds the versions that one repair more makes of this one.
    void repair(const Version& version);

    // Whether any version lost lines that are quoted deeper.
    bool has_deeper_lines() const { return has_deeper_lines_; }

  private:
    void add(const std::string& text, Certainty certainty, int repairs);

    int quote_depth_;
    Budget& budget_;
    std::size_t kept_ = 0; // of the budget, that this text leaves for others
    std::size_t given_ = 0;
    std::deque<Version> waiting_;
    std::size_t waiting_octets_ = 0;
    std::unordered_set<std::size_t> seen_; // texts, by their hash
    bool has_deeper_lines_ = false;
};
