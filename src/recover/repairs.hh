#pragma once
#include "recover/certainty.hh"
#include "recover/replaced.hh"

#include <string>
#include <vector>

// A repair takes back one kind of damage that mail programs and people do to a text. From one text
// it makes the texts that may have been there before, and none where it does not find its damage.
// Texts are UTF-8. All repairs are pure, and linear in the text.
struct Repair {
    const char* name;    // of what did the damage
    Certainty certainty; // of what it makes: exact or guessed
    Strings (*apply)(const std::string& text);
};

// All repairs, in the order in which they are tried.
const std::vector<Repair>& repairs();
