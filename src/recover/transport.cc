#include "recover/transport.hh"

namespace {

// Firefox's own name has three dots, four when they are stuffed.
std::size_t unstuff_dots(std::string_view rest, std::string& result)
{
    const auto dots = std::min(rest.find_first_not_of('.'), rest.size());
    result.append(dots == 2 || dots == 4 ? dots - 1 : dots, '.');
    return dots;
}

} // namespace

Strings repair_sendmail_break(const std::string& text)
{
    return unless_same(text, replaced(replaced(text, "!\r\n", "\n"), "!\n", "\n"));
}

Strings repair_dot_stuffing(const std::string& text)
{
    return unless_same(text, replaced(text, OctetSet("."), unstuff_dots));
}
