#include "rfc5322.hh"

#include <algorithm>
#include <glib.h>

std::string without_comments(std::string_view value)
{
    std::string result;
    int depth = 0; // of comments
    bool is_quoted = false;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        const bool escapes = c == '\\' && (depth > 0 || is_quoted);
        if (!is_quoted && c == '(') {
            result += depth == 0 ? " " : "";
            ++depth;
        } else if (depth > 0) {
            depth -= c == ')' ? 1 : 0;
        } else {
            is_quoted = is_quoted != (c == '"');
            result += value.substr(i, escapes ? 2 : 1);
        }
        i += escapes ? 1 : 0;
    }
    return result;
}

bool is_dot_atom(std::string_view text)
{
    constexpr std::string_view others = "!#$%&'*+-/=?^_`{|}~.";
    return !text.empty() && text.front() != '.' && text.back() != '.' &&
           text.find("..") == text.npos && std::all_of(text.begin(), text.end(), [&](char c) {
               return static_cast<unsigned char>(c) >= 0x80 || g_ascii_isalnum(c) ||
                      others.find(c) != others.npos;
           });
}
