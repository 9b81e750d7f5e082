#include "client/terminal.hh"

#include "handle.hh"

#include <iostream>

void say(std::string_view line) { std::cout << line << std::endl; }

std::string printable(const std::string& text)
{
    constexpr std::size_t longest = 200; // characters
    const GString8 valid(g_utf8_make_valid(text.c_str(), -1));
    std::string line;
    std::size_t count = 0;
    for (const char* at = valid.get(); *at; at = g_utf8_next_char(at)) {
        if (++count > longest)
            return line + "...";
        if (g_unichar_iscntrl(g_utf8_get_char(at)))
            line += '?';
        else
            line.append(at, static_cast<const char*>(g_utf8_next_char(at)));
    }
    return line;
}
