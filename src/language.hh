#pragma once
#include "header.hh"
#include "text.hh"

#include <string>
#include <vector>

// The language that the script of the words tells: "ru", "fa", "ar" or "zh"; "" for all others. In
// a mail with a request no ASCII letters count: most of them are the request's.
std::string language_of_words(const std::vector<Text>& texts, bool has_request = false);

// What the person may read, best first, as primary language tags (RFC 5646 2.2.1): by
// Accept-Language, by Content-Language, by the words, and then English.
std::vector<std::string> preferred_languages(const Header& header,
                                             const std::string& language_of_words);
