#pragma once
#include <chrono>
#include <string>
#include <vector>

// What the mail systems' settings on a host say about the program. Everything here only reads.

// The host as the checks see it.
struct Host {
    std::string root; // put before each absolute path; "": the host itself
    std::string user; // who runs the program
    std::string home; // of that user
    std::chrono::seconds deadline{45};
    bool names_from = false; // whether [reply] from is set
};

// A place that runs the program, or is meant to.
struct Recipe {
    std::string place;              // a file's name
    std::vector<std::string> slips; // each says what it costs and how to mend it
};

// The recipes in Postfix, Exim, OpenSMTPD, Dovecot, the aliases and the user's home. What can't be
// read, or can't be understood for certain, is no slip.
std::vector<Recipe> find_recipes(const Host& host);
