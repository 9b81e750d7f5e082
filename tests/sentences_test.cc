#include "sentences.hh"

#include "problem.hh"
#include "temporary_directory.hh"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

using namespace std::string_literals;

namespace {

const std::string directory = "contrib/help"; // the tests run in the tree's top directory

std::string content(const std::string& file)
{
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::set<std::string> names(const Sentences& sentences)
{
    std::set<std::string> found;
    for (const auto& [name, text] : sentences)
        found.insert(name);
    return found;
}

// "{time}" and its like, in the order of the alphabet.
std::multiset<std::string> placeholders(const std::string& text)
{
    std::multiset<std::string> found;
    for (std::size_t at = 0; (at = text.find('{', at)) != text.npos; ++at)
        if (const std::string word = text.substr(at, text.find('}', at) + 1 - at);
            word.find_first_of("\" \n") == word.npos)
            found.insert(word);
    return found;
}

} // namespace

TEST_CASE("each language has all sentences that are said, and no other")
{
    std::set<std::string> said = {"open-link", "use-answer", "help", "undecryptable"};
    for (const Problem& problem :
         {problem::stale, problem::interrupted, problem::truncated, problem::altered,
          problem::malformed, problem::unsupported_version, problem::more_than_data,
          problem::no_key, problem::unencrypted, problem::too_many_requests, problem::no_proxy,
          problem::timed_out, problem::broker_failed, problem::unknown_bridge, problem::rejected})
        CHECK(said.insert(problem.sentence).second);
    std::set<std::string> languages;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        CAPTURE(entry.path().string());
        languages.insert(entry.path().stem());
        CHECK(names(parse_sentences(content(entry.path()))) == said);
    }
    for (const char* language : {"ar", "en", "fa", "ru", "zh"})
        CHECK(languages.contains(language));
}

TEST_CASE("a sentence has the same placeholders in each language, and every time is in UTC")
{
    const Sentences english = parse_sentences(content(directory + "/en.txt"));
    CHECK(placeholders(english.at("open-link")) == std::multiset<std::string>{"{time}"});
    CHECK(placeholders(english.at("use-answer")) == std::multiset<std::string>{"{time}"});
    CHECK(placeholders(english.at("too-many-requests")) == std::multiset<std::string>{"{minutes}"});
    for (const auto& entry : std::filesystem::directory_iterator(directory))
        for (const auto& sentence : parse_sentences(content(entry.path()))) {
            const auto& [name, text] = sentence;
            CAPTURE(entry.path().string());
            CAPTURE(sentence.first);
            CHECK(placeholders(text) == placeholders(english.at(name)));
            const auto time = text.find("{time}"); // a page finds it so in whatever language
            CHECK((time == text.npos || text.substr(time).starts_with("{time} UTC")));
        }
}

TEST_CASE("no sentence has a line that a program could take for the JSON, but the help, and no tab")
{
    for (const auto& entry : std::filesystem::directory_iterator(directory))
        for (const auto& sentence : parse_sentences(content(entry.path()))) {
            const auto& [name, text] = sentence;
            CAPTURE(entry.path().string());
            CAPTURE(sentence.first);
            CHECK((name == "help" || ("\n" + text).find("\n{") == text.npos));
            CHECK(text.find_first_of("\t\r") == text.npos);
        }
}

TEST_CASE("a file has sentences by name, of several lines, and comments")
{
    const Sentences sentences = parse_sentences(
        "\ufeff# a comment\r\n[no-proxy]\r\n\r\nOne \r\n  two\r\n\r\n# another\r\n"
        "three\r\n\r\n[stale]\n[altered] x\n[Altered]\n[a-b]\nlast");
    CHECK(sentences == Sentences{{"no-proxy", "One\n  two\n\nthree"},
                                 {"stale", "[altered] x\n[Altered]"},
                                 {"a-b", "last"}});
    CHECK(parse_sentences("").empty());
    CHECK(parse_sentences("[stale]\n\n\n").empty());
    CHECK(parse_sentences("[stale]\nx\n\xff\n").empty());
    CHECK(parse_sentences("[stale]\nx\n"s + '\0').empty());
}

TEST_CASE("what has no name is the help")
{
    CHECK(parse_sentences("\nHello\n\nyou\n") == Sentences{{"help", "Hello\n\nyou"}});
    CHECK(parse_sentences("Hello\n[stale]\nx\n") == Sentences{{"help", "Hello"}, {"stale", "x"}});
    CHECK(parse_sentences("Hello\n[help]\nyou\n") == Sentences{{"help", "you"}});
}

TEST_CASE("a sentence is of the first language that has it, and else English that is built in")
{
    const TemporaryDirectory texts;
    const auto write = [&](const std::string& name, const std::string& text) {
        std::ofstream(texts.path + "/" + name) << text;
    };
    write("fa.txt", "[stale]\nfa\n");
    write("ru.txt", "[stale]\nru\n[altered]\nru\n");
    write("zh.txt", "[stale]\n\xff\n");
    std::filesystem::create_directory(texts.path + "/ar.txt");
    const Sentences english = parse_sentences(content(directory + "/en.txt"));
    const auto said = [&](const std::vector<std::string>& languages, const std::string& name) {
        return sentence(read_sentences(texts.path, languages), name);
    };
    CHECK(said({"fa", "ru"}, "stale") == "fa");
    CHECK(said({"fa", "ru"}, "altered") == "ru");
    CHECK(said({"zh", "ru"}, "stale") == "ru");
    for (const std::vector<std::string>& none :
         {std::vector<std::string>{"zh"}, {"ar"}, {"de"}, {}})
        CHECK(said(none, "stale") == english.at("stale"));
    CHECK(said({"fa", "ru"}, "no-proxy") == english.at("no-proxy"));
    CHECK(said({"fa"}, "help") == ""); // it is never built in
    CHECK(said({"fa"}, "no such name") == "");
    Sentences built_in = read_sentences(texts.path + "/nowhere", {"en"});
    built_in["help"] = english.at("help");
    CHECK(built_in == english);
}

TEST_CASE("a placeholder stands for a value wherever it is, and a value is no placeholder")
{
    const Sentences sentences = {{"x", "{time} UTC, {time}"}};
    CHECK(sentence(sentences, "x") == "{time} UTC, {time}");
    CHECK(sentence(sentences, "x", "{time}", "12:34:56") == "12:34:56 UTC, 12:34:56");
    CHECK(filled_in("{a}", "{a}", "{a}{a}") == "{a}{a}");
    CHECK(filled_in("x", "", "y") == "x");
}
