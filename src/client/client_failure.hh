#pragma once
#include <stdexcept>

// A fault that ends snowflake-mail-client: what() is one line for stderr. Caught in main alone.
struct ClientFailure : std::runtime_error {
    using std::runtime_error::runtime_error;
};
