#include "help.hh"

#include "temporary_directory.hh"

#include <doctest/doctest.h>
#include <fstream>

namespace {

// A directory of help texts.
struct Texts : TemporaryDirectory {
    void write(const std::string& name, const std::string& text) const
    {
        std::ofstream(path + "/" + name) << text;
    }

    // The text for a mail in that language, with an Accept-Language of these; "": none.
    std::string text_for(const std::string& of_words, const std::string& accepted = "") const
    {
        Mail mail;
        mail.language = of_words;
        mail.header.fields = {{"Accept-Language", accepted}};
        Settings::Reply settings;
        settings.help = true;
        settings.texts = path;
        const auto help = find_help(mail, settings);
        return help ? help->text : "";
    }
};

} // namespace

TEST_CASE("the text is that of the first language that has one, in good UTF-8 and not empty")
{
    const Texts texts;
    CHECK(texts.text_for("ru", "en") == "");
    texts.write("fa.txt", "");
    texts.write("zh.txt", "\xff\xfe");
    CHECK(texts.text_for("zh", "fa") == "");
    texts.write("en.txt", "English\n");
    texts.write("ru.txt", "По-русски\n");
    CHECK(texts.text_for("") == "English\n");
    CHECK(texts.text_for("ru") == "По-русски\n");
    CHECK(texts.text_for("ru", "en-GB") == "English\n");
    CHECK(texts.text_for("zh", "fa, de") == "English\n");
    CHECK(texts.text_for("zh", "fa, de, ru") == "По-русски\n");
}

TEST_CASE("help is for mail without a request, when the settings want it")
{
    const Texts texts;
    texts.write("en.txt", "English\n");
    Settings::Reply settings;
    settings.texts = texts.path;
    Mail mail;
    CHECK_FALSE(find_help(mail, settings)); // the default is never
    settings.help = true;
    CHECK(find_help(mail, settings));
    for (const Recovery& request : {Recovery(Defect::truncated), Recovery(PollRequest())}) {
        mail.request = request;
        CHECK_FALSE(find_help(mail, settings));
    }
}

TEST_CASE("a person whose encrypted mail can't be decrypted is told how, in their language")
{
    const Texts texts;
    texts.write("en.txt", "English\n");
    texts.write("ru.txt", "[undecryptable]\nПо-русски\n[help]\nhelp\n");
    Settings::Reply settings;
    settings.texts = texts.path;
    Mail mail;
    mail.cover = Cover::unreadable;
    CHECK_FALSE(find_help(mail, settings));
    settings.help = true;
    CHECK(find_help(mail, settings).value().text.starts_with("Your encrypted mail"));
    mail.language = "ru";
    CHECK(find_help(mail, settings).value().text == "По-русски\n");
}
