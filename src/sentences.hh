#pragma once
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// What people are told, in their language: sentences by name. contrib/help/en.txt has them all.
using Sentences = std::map<std::string, std::string, std::less<>>;

// The sentences in a file's text; none where it isn't UTF-8. What stands before the first name is
// the help.
Sentences parse_sentences(std::string_view text);

// Each sentence from the first language that has it: from the file LANGUAGE.txt in the directory.
// Last come the English ones that are built in, so all are there but maybe the help, which comes
// from a file or not at all. A file that can't be read is as if it weren't there.
Sentences read_sentences(const std::string& directory, const std::vector<std::string>& languages);

// The sentence of that name, with this value for the placeholder, as "{time}". "": there is none.
std::string sentence(const Sentences& sentences, std::string_view name,
                     std::string_view placeholder = "", std::string_view value = "");

// The text with each `placeholder` as `value`.
std::string filled_in(std::string text, std::string_view placeholder, std::string_view value);
