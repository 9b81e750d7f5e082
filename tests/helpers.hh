#pragma once
#include "failure.hh"

#include <sstream>
#include <string>
#include <vector>

// The parts of "a|b|c", for tables.
inline std::vector<std::string> parts(const std::string& text)
{
    std::vector<std::string> found;
    std::istringstream stream(text + "|");
    for (std::string part; std::getline(stream, part, '|');)
        found.push_back(part);
    return found;
}

// "reason: line" of the Failure that `action` throws; "" when it throws none.
template <class Action> std::string failure_of(Action action)
{
    try {
        action();
    } catch (const Failure& failure) {
        return std::string(word_of(failure.reason)) + ": " + failure.what();
    }
    return "";
}
