#include <doctest/doctest.h>
#include <fstream>
#include <string>

namespace {

// All words of a file of the tree, one blank between them; "//" is none. The tests run in the root
// of the tree.
std::string words_of(const std::string& name)
{
    std::ifstream file(name);
    REQUIRE(file);
    std::string words;
    for (std::string word; file >> word;)
        if (word != "//")
            words += word + " ";
    return words;
}

} // namespace

TEST_CASE("main.cc takes README's ten steps, in their order and with their words")
{
    const std::string readme = words_of("README"), program = words_of("src/main.cc");
    std::size_t in_readme = readme.find("What happens to a mail"), in_program = 0;
    for (int i = 1; i <= 10; ++i) {
        const std::string number = " " + std::to_string(i) + ". ",
                          next = i < 10 ? " " + std::to_string(i + 1) + ". " : " The volunteer's ";
        in_readme = readme.find(number, in_readme);
        const auto end = readme.find(next, in_readme);
        REQUIRE(end != readme.npos);
        const std::string step = readme.substr(in_readme, end - in_readme);
        CAPTURE(step);
        if (i == 2) // main(), with the first and the last step, stands at the end
            in_program = 0;
        in_program = program.find(step, in_program);
        CHECK(in_program != program.npos);
    }
}
