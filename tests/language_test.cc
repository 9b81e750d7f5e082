#include "language.hh"

#include <doctest/doctest.h>

namespace {

std::string language_of(const std::string& text, bool html = false)
{
    return language_of_words({{text, html}});
}

std::string languages(const std::vector<Header::Field>& fields, const std::string& of_words = "")
{
    Header header;
    header.fields = fields;
    std::string list;
    for (const auto& language : preferred_languages(header, of_words))
        list += (list.empty() ? "" : " ") + language;
    return list;
}

} // namespace

TEST_CASE("the script of the words tells Russian, Persian, Arabic and Chinese, and nothing else")
{
    CHECK(language_of("Здравствуйте, как этим пользоваться?") == "ru");
    CHECK(language_of("سلام، چگونه از این استفاده کنم؟") == "fa");
    CHECK(language_of("你好，请问怎么使用？") == "zh");
    CHECK(language_of("Hello, how does this work?") == "");
    CHECK(language_of("السلام عليكم كيف استعمل هذا") == "ar");
    CHECK(language_of("أرجو المساعدة، كيف أستخدم هذه الچيوب؟") == "ar"); // a loanword
    CHECK(language_of("لطفا كمك كنيد، چطور استفاده كنم؟") == "fa");      // Persian, typed as Arabic
    CHECK(language_of("سلام") == "");                                    // either
    CHECK(language_of("こんにちは、使い方を教えてください") == "");      // Japanese
    CHECK(language_of("Hello, как это работает in English?") == "");
    CHECK(language_of("да") == ""); // too few letters to say
    CHECK(language_of("1234 5678 ... !!") == "");
    CHECK(language_of("") == "");
    CHECK(language_of_words({}) == "");
}

TEST_CASE("each text is looked at by itself, and the tags of HTML are no words")
{
    const std::string russian = "Как этим пользоваться?",
                      html = "<div dir=\"ltr\"><span style=\"color: black\">" + russian +
                             "</span></div>";
    CHECK(language_of(html, true) == "ru");
    CHECK(language_of(html, false) == "");
    CHECK(language_of_words(
              {{russian, false}, {"<html><head><style>p.MsoNormal { margin: 0 }</style>", true}}) ==
          "ru");
    CHECK(language_of_words({{" \n", false}, {html, true}}) == "ru");
    CHECK(language_of_words({{"Hello there", false}, {russian, false}}) ==
          ""); // the first that has words decides
}

TEST_CASE("in a mail with a request no ASCII letters count")
{
    const std::string request = std::string(3000, 'x') + "\n";
    CHECK(language_of_words({{request + "لطفاً این را بفرستید، متشکرم"}}, true) == "fa");
    CHECK(language_of_words({{"Пожалуйста\n" + request}}, true) == "ru");
    CHECK(language_of_words({{"<p>Пожалуйста</p>" + request, true}}, true) == "ru");
    CHECK(language_of_words({{"Please\n" + request}}, true) == "");
    CHECK(language_of_words({{request}, {"请帮忙处理"}}, true) == "zh");
}

TEST_CASE("of a long text the beginning counts")
{
    CHECK(language_of("Здравствуйте " + std::string(100000, 'x')) == "");
    std::string long_russian;
    for (int i = 0; i < 300; ++i)
        long_russian += "Здравствуйте ";
    CHECK(language_of(long_russian + std::string(100000, 'x')) == "ru");
}

TEST_CASE(
    "RFC 5646 2.2.1: Accept-Language comes before Content-Language, then the words, then English")
{
    CHECK(languages({}) == "en");
    CHECK(languages({}, "ru") == "ru en");
    CHECK(languages({{"Content-Language", "zh-CN"}, {"Accept-Language", "fa-IR, de;q=0.5"}},
                    "ru") == "fa de zh ru en");
    CHECK(languages({{"accept-language", " ,EN-us ,\tzh_Hans,fil"}}) == "en zh fil en");
    CHECK(languages({{"Accept-Language", "*"},
                     {"Content-Language", "x, i-klingon, ../../etc/passwd, abcd"}}) == "en");
}

TEST_CASE("no header makes the list of languages long")
{
    std::string many;
    for (int i = 0; i < 1000; ++i)
        many += "de,";
    CHECK(languages({{"Accept-Language", many}}).size() <= 40);
}
