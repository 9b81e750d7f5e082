#pragma once
#include <string>
#include <string_view>

// What the person sees: one line on stdout for each event.
void say(std::string_view line);

// Text of other people, fit for a terminal: one line without control characters, 200 characters at
// most. Invalid UTF-8 is replaced.
std::string printable(const std::string& text);
