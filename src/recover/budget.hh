#pragma once
#include <cstddef>

// The work that may still be done for one mail, about in octets looked at. It bounds the time that
// a hostile mail takes. Once it is spent, nothing more is found in the mail.
class Budget {
  public:
    explicit Budget(std::size_t characters) : left_(characters) {}

    // False: nothing is left, and the work must not be done.
    bool spend(std::size_t characters)
    {
        left_ = characters > left_ ? 0 : left_ - characters;
        return left_ > 0;
    }
    std::size_t left() const { return left_; }
    bool is_spent() const { return left_ == 0; }

  private:
    std::size_t left_;
};
