#pragma once
#include <cstddef>

// What may still be spent on one mail, in characters looked at: hostile input must not cost more
// than a bounded time.
class Budget {
  public:
    explicit Budget(std::size_t characters) : left_(characters) {}
    // false: nothing is left; the work is not to be done.
    bool spend(std::size_t characters)
    {
        left_ = characters > left_ ? 0 : left_ - characters;
        return left_ > 0;
    }
    bool is_spent() const { return left_ == 0; }
    std::size_t left() const { return left_; }

  private:
    std::size_t left_;
};
