#pragma once
#include "mail.hh"
#include "reply.hh"
#include "settings.hh"

#include <optional>
#include <string>
#include <vector>

// The help text for a mail without a request. None for a mail with one, when the settings want no
// help, or when there is no text in a language of the person's.
std::optional<Help> find_help(const Mail& mail, const Settings::Reply& settings);

// The file LANGUAGE.txt of the directory for the first of the languages that has one.
std::optional<Help> read_help(const std::string& directory,
                              const std::vector<std::string>& languages);
