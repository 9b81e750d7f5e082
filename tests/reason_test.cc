#include "reason.hh"

#include <algorithm>
#include <doctest/doctest.h>
#include <fstream>
#include <string>
#include <vector>

namespace {

// "outcome reason" for each reason that snowflake-mail(8) explains, in its order. The tests run in
// the root of the tree.
std::vector<std::string> reasons_in_manual()
{
    const std::string heading = ".Li outcome=", item = ".It Li ", end_of_list = ".El";
    std::vector<std::string> found;
    std::ifstream manual("man/snowflake-mail.8");
    REQUIRE(manual);
    std::string outcome;
    for (std::string line; std::getline(manual, line);)
        if (line.starts_with(heading))
            outcome = line.substr(heading.size(),
                                  line.find_first_of(" ,", heading.size()) - heading.size());
        else if (line == end_of_list)
            outcome = "";
        else if (!outcome.empty() && line.starts_with(item))
            found.push_back(outcome + " " + line.substr(item.size()));
    return found;
}

} // namespace

TEST_CASE("snowflake-mail(8) lists exactly the reasons there are, under their outcomes")
{
    std::vector<std::string> known;
    for (const ReasonRow& row : reason_table)
        known.push_back(std::string(word_of(row.outcome)) + " " + row.word);
    const std::vector<std::string> listed = reasons_in_manual();
    for (std::size_t i = 0; i < std::max(known.size(), listed.size()); ++i)
        CHECK((i < listed.size() ? listed[i] : "missing in the manual") ==
              (i < known.size() ? known[i] : "missing in the table"));
}

TEST_CASE("the words for the reasons differ")
{
    for (const ReasonRow& row : reason_table)
        for (const ReasonRow& other : reason_table)
            CHECK((row.word == std::string(other.word)) == (row.reason == other.reason));
}
