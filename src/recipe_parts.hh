#pragma once
#include "recipe.hh"

#include <functional>
#include <optional>
#include <string_view>
#include <sys/types.h>

// What the checks of the single mail systems share; only they include it.

std::string path_on(const Host& host, std::string_view path);

// None: there is no such file, or it can't be read.
std::optional<std::string> text_of(const Host& host, std::string_view path);
bool is_there(const Host& host, std::string_view path);

// The files whose names match a pattern of glob(7), sorted.
std::vector<std::string> files_like(const Host& host, const std::string& pattern);

// Whether a command runs the program, or a wrapper whose name begins with its.
bool runs_program(std::string_view command);

// The words of a command, without quotation marks and the "|" in front.
std::vector<std::string> command_words(std::string_view command);

// The value of an option, glued to it or not. None: there is no such option.
std::optional<std::string> option_value(const std::vector<std::string>& words, char option);

// Seconds of "120", "120s", "2m", "1h30m" or "60 secs". None: it is no time.
std::optional<std::chrono::seconds> time_of(std::string_view text);

// Lines without comments and empty lines. A line that begins with a blank belongs to the one
// before, as in Postfix's files and in aliases (master(5), aliases(5)).
std::vector<std::string> logical_lines(std::string_view text);

// Whether a name of a table of aliases leads to the user, or to anything at all.
struct Alias {
    std::string name, value;
};
std::vector<Alias> aliases_in(std::string_view text);
bool is_user_of_host(const std::string& name);

// The slips that any recipe may have. "": none.
std::string slip_of_program(const Host& host, const std::vector<std::string>& words);
std::string slip_of_user(const Host& host, std::string_view user);
std::string slip_of_time(const Host& host, std::string_view setting, std::string_view value);

// Adds what isn't empty.
void add(Recipe& recipe, std::string slip);

using Recipes = std::vector<Recipe>;
void find_in_postfix(const Host& host, Recipes& recipes);
void find_in_exim(const Host& host, Recipes& recipes);
void find_in_opensmtpd(const Host& host, Recipes& recipes);
