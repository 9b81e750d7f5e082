// Authentication-Results. The input: the envelope sender, the From address, then header fields,
// each on a line.
#include "auth.hh"
#include "checks.hh"

void fuzz(std::string_view input)
{
    const std::string_view whole = input;
    const std::string sender = take_input_line(input);
    Header header;
    header.from = {take_input_line(input)};
    while (!input.empty()) {
        const std::string line = take_input_line(input);
        const auto colon = line.find(':');
        header.fields.push_back(
            {line.substr(0, colon), colon == line.npos ? "" : line.substr(colon + 1)});
    }
    const Authentication found = find_authentication(header, {"mx.example.org"}, sender);
    if (!found.any())
        return;
    check(!sender.empty(), "the null sender is nobody");
    check(!find_authentication(header, {"mx.example.com"}, sender).any(),
          "no other host's results count");
    check(whole.find("other.invalid") != whole.npos ||
              !find_authentication(header, {"mx.example.org"}, "x@other.invalid").any(),
          "nobody is authentic whom the header doesn't name");
}
