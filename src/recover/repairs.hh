#pragma once
#include "recover/budget.hh"
#include "recover/certainty.hh"
#include "recover/replaced.hh"

#include <string>
#include <vector>

// A repair takes back one kind of damage that mail programs and people do to a text. From one text
// it makes the texts that may have been there before, and none where it does not find its damage.
// Texts are UTF-8. All repairs are pure, and linear in the text.
class Repair {
  public:
    using Function = Strings(const std::string& text);

    constexpr Repair(const char* name, Certainty certainty, Function* function)
        : name_(name), certainty_(certainty), function_(function)
    {
    }

    const char* name() const { return name_; }         // of what did the damage
    Certainty certainty() const { return certainty_; } // of what it makes

    // Makes the texts. Each octet of the text and of what is made of it is paid for here. None once
    // the budget is spent.
    Strings apply(const std::string& text, Budget& budget) const;

  private:
    const char* name_;
    Certainty certainty_;
    Function* function_;
};

// All repairs, in the order in which they are tried.
const std::vector<Repair>& repairs();
