#include "help.hh"

#include "temporary_directory.hh"

#include <doctest/doctest.h>
#include <fstream>

namespace {

void write(const std::string& name, const std::string& text) { std::ofstream(name) << text; }

} // namespace

TEST_CASE("the text is that of the first language that has one, in good UTF-8 and not empty")
{
    const TemporaryDirectory directory;
    const auto text_in = [&](const std::vector<std::string>& languages) {
        const auto help = read_help(directory.path, languages);
        return help ? help->text : "";
    };
    CHECK(text_in({"ru", "en"}) == "");
    CHECK_FALSE(read_help(directory.path + "/none", {"en"}));
    write(directory.path + "/en.txt", "English\n");
    write(directory.path + "/ru.txt", "По-русски\n");
    write(directory.path + "/fa.txt", "");
    write(directory.path + "/zh.txt", "\xff\xfe");
    CHECK(text_in({"ru", "en"}) == "По-русски\n");
    CHECK(text_in({"fa", "zh", "de", "en", "ru"}) == "English\n");
    CHECK(text_in({"fa", "zh"}) == "");
}

TEST_CASE("help is for mail without a request, in the person's language, when the settings want it")
{
    const TemporaryDirectory directory;
    write(directory.path + "/en.txt", "English\n");
    write(directory.path + "/ru.txt", "По-русски\n");
    Settings::Reply settings;
    settings.texts = directory.path;
    Mail mail;
    CHECK_FALSE(find_help(mail, settings)); // the default is never
    settings.help = true;
    REQUIRE(find_help(mail, settings));
    CHECK(find_help(mail, settings)->text == "English\n");
    mail.language = "ru";
    CHECK(find_help(mail, settings)->text == "По-русски\n");
    mail.header.fields = {{"Accept-Language", "en-GB"}};
    CHECK(find_help(mail, settings)->text == "English\n");
    mail.request = Defect::truncated;
    CHECK_FALSE(find_help(mail, settings));
    mail.request = PollRequest();
    CHECK_FALSE(find_help(mail, settings));
}
