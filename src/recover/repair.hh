#pragma once
#include "recover/extract.hh"
#include "recover/rewrite.hh"

#include <string>
#include <vector>

// What mail programs and people do to a text on its way, undone. Each repair is named by what did
// the damage; it gives the texts that may have been before it, and none where its damage isn't
// there. Texts are UTF-8. All are pure, and linear in the text.
struct Repair {
    const char* name;
    Origin origin; // whether what it gives may differ from what was there
    Texts (*undo)(const std::string& text);
};

// All repairs, in the order in which they are tried.
const std::vector<Repair>& repairs();
