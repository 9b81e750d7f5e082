#pragma once

// How certain it is that a text says what was sent. Each is less certain than the one before, so
// std::max gives what is left of two.
enum class Certainty {
    exact,     // as it came, or decoded without loss
    unwrapped, // its breaks were decided about
    guessed    // a repair may have made something else of it than what was there
};
