#pragma once
#include "message.hh"

#include <optional>
#include <string>
#include <vector>

// The language that the script of the words gives away: "ru", "fa" or "zh"; "" where it tells
// nothing.
std::string language_of_words(const std::vector<Text>& texts);

// What the person may read, best first, as primary language tags (RFC 5646 2.2.1): by
// Accept-Language, Content-Language, the words; then English.
std::vector<std::string> preferred_languages(const Header& header,
                                             const std::string& language_of_words);

// The text LANGUAGE.txt of the directory in the first language that there is; none where there is
// none at all.
std::optional<std::string> read_help(const std::string& directory,
                                     const std::vector<std::string>& languages);
