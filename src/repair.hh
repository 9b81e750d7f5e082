#pragma once
#include "extract.hh"

#include <string>
#include <string_view>
#include <vector>

// What mail programs and people do to a text on its way, undone. Each repair is named by what did the damage; it gives the texts that may
// have been before it, and none where its damage isn't there. Texts are UTF-8. All are pure, and linear in the text.
struct Repair {
    const char* name;
    Origin origin; // whether what it gives may differ from what was there
    std::vector<std::string> (*undo)(const std::string& text);
};

// All repairs, in the order in which they are tried.
const std::vector<Repair>& repairs();

// The texts that HTML may have been meant to show.
std::vector<std::string> undo_html(const std::string& html);

// The lines that are quoted no deeper than `depth`, without their prefixes (RFC 3676 4.5: ">").
std::string unquoted(std::string_view text, int depth);
