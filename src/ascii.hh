#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

// Words that protocols write in ASCII: names of fields and hosts, keywords. Other bytes than
// letters of ASCII compare as they are, whatever the locale.

bool is_ascii(std::string_view text);
std::string lower_case(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);
bool starts_ignoring_case(std::string_view text, std::string_view start);
bool is_any_of(std::string_view word, std::initializer_list<std::string_view> words);

// Without the white space around it.
std::string_view trimmed(std::string_view text);

// What stands between the blanks; it is borrowed from the text.
std::vector<std::string_view> words_of(std::string_view text, std::string_view blanks = " \t\r\n");
