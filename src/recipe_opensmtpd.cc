#include "ascii.hh"
#include "lines.hh"
#include "recipe_parts.hh"

#include <algorithm>

// OpenSMTPD's smtpd.conf(5).

namespace {

struct Line {
    std::string file;
    std::vector<std::string> words; // without quotation marks; a quoted text is one
};

std::vector<std::string> words_in(std::string_view text)
{
    std::vector<std::string> words;
    bool is_quoted = false, goes_on = false;
    for (const char c : text) {
        if (c == '#' && !is_quoted)
            break;
        if (c == '"') {
            is_quoted = !is_quoted;
            if (is_quoted && !goes_on)
                words.emplace_back();
            goes_on = true;
        } else if (!is_quoted && (c == ' ' || c == '\t')) {
            goes_on = false;
        } else {
            if (!goes_on)
                words.emplace_back();
            words.back() += c;
            goes_on = true;
        }
    }
    return words;
}

void read_lines(const Host& host, const std::string& file, std::vector<Line>& lines, int depth = 0)
{
    const auto whole = text_of(host, file);
    if (!whole || depth > 10)
        return;
    std::string_view text = *whole;
    std::string line;
    while (!text.empty()) {
        line += without_line_feed(take_line(text));
        if (line.ends_with('\\')) {
            line.pop_back();
            continue;
        }
        auto words = words_in(line);
        line.clear();
        if (words.size() > 1 && words[0] == "include")
            read_lines(host, words[1], lines, depth + 1);
        else if (!words.empty())
            lines.push_back({file, std::move(words)});
    }
}

// The word after `name`. None: it isn't there.
const std::string* after(const std::vector<std::string>& words, std::string_view name)
{
    const auto found = std::find(words.begin(), words.end(), name);
    return found == words.end() || found + 1 == words.end() ? nullptr : &*(found + 1);
}

bool has_pair(const std::vector<std::string>& words, std::string_view first,
              std::string_view second)
{
    for (std::size_t i = 1; i < words.size(); ++i)
        if (words[i - 1] == first && words[i] == second)
            return true;
    return false;
}

void check_action(const Host& host, const std::vector<Line>& lines, const Line& action,
                  Recipe& recipe)
{
    const std::string& name = action.words[1];
    add(recipe, slip_of_program(host, command_words(*after(action.words, "mda"))));
    if (const std::string* user = after(action.words, "user"))
        add(recipe, slip_of_user(host, *user));
    else
        add(recipe, "the action has no user; write user " + host.user);
    const auto match = std::find_if(lines.begin(), lines.end(), [&](const Line& line) {
        const std::string* to = after(line.words, "action");
        return line.words[0] == "match" && to && *to == name;
    });
    if (match == lines.end())
        return add(recipe, "no match line has the action " + name + "; see INSTALL");
    const bool is_from_outside =
        has_pair(match->words, "from", "any") || has_pair(match->words, "from", "src") ||
        after(match->words, "auth") || after(match->words, "mail-from") ||
        has_pair(match->words, "from", "socket") || has_pair(match->words, "from", "rdns");
    if (!is_from_outside)
        add(recipe, "the match line takes mail of this host alone; write match from any");
    const bool is_aliased = after(action.words, "alias") || after(action.words, "virtual") ||
                            after(action.words, "userbase");
    if (const std::string* address = after(match->words, "rcpt-to");
        address && !is_aliased && address->find('@') != address->npos &&
        address->find('<') == address->npos &&
        !is_user_of_host(address->substr(0, address->find('@'))))
        add(recipe, "OpenSMTPD refuses " + *address +
                        ", since no user has that name; give the "
                        "action alias <snowflake>, see INSTALL");
}

} // namespace

void find_in_opensmtpd(const Host& host, Recipes& recipes)
{
    std::vector<Line> lines;
    for (const char* file : {"/etc/smtpd.conf", "/etc/mail/smtpd.conf", "/etc/smtpd/smtpd.conf"})
        read_lines(host, file, lines);
    for (const Line& line : lines) {
        const std::string* command = after(line.words, "mda");
        if (line.words[0] != "action" || line.words.size() < 3 || !command ||
            !runs_program(*command))
            continue;
        Recipe recipe{line.file, {}};
        check_action(host, lines, line, recipe);
        recipes.push_back(std::move(recipe));
    }
}
