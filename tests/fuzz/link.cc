// The data of a link, which anybody may make.
#include "link.hh"

#include "checks.hh"

void fuzz(std::string_view input)
{
    if (const auto json = read_link_data(input)) {
        check(parse_poll_response(*json).has_value(), "a link holds a poll response");
        check(read_link_data(link_data(*json)) == json, "what was read can be written");
    }
    const std::string tag = link_tag(input);
    check(tag.empty() || tag.size() == 22, "a tag has 22 characters");
    read_link_data(link_data(input));
}
