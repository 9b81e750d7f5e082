#pragma once

// How certain it is that a text is what was sent. Each is less certain than the one before: of two,
// std::max is the less certain one.
enum class Certainty {
    exact,     // as it came, or decoded without loss
    tidied,    // characters were put back that programs replace: quotation marks, dashes, blanks
    unwrapped, // it was decided for each break whether it stood for a blank
    guessed    // a repair may have made something else of it than what was there
};
