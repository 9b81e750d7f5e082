#include "language.hh"

#include <algorithm>
#include <glib.h>

std::string language_of_words(const std::vector<Text>& texts, bool has_request)
{
    constexpr std::size_t enough = 2000; // characters
    // Each text by itself, plain text first: the tags of HTML are Latin letters.
    for (const Text& text : texts) {
        std::size_t seen = 0, letters = 0, cyrillic = 0, persian = 0, arabic = 0, arabic_keys = 0,
                    script = 0, han = 0, kana = 0;
        bool in_tag = false;
        for (const char* at = text.text.c_str(); *at && seen < enough; at = g_utf8_next_char(at)) {
            const gunichar c = g_utf8_get_char(at);
            if (has_request && c < 0x80)
                continue;
            ++seen;
            in_tag = text.html && (c == '<' || (in_tag && c != '>'));
            if (in_tag || !g_unichar_isalpha(c))
                continue;
            ++letters;
            cyrillic += c >= 0x0410 && c <= 0x044F;
            script += c >= 0x0600 && c <= 0x06FF;
            persian += c == 0x067E || c == 0x0686 || c == 0x0698 || c == 0x06AF || c == 0x06CC ||
                       c == 0x06A9; // not used in Arabic
            arabic += c == 0x0623 || c == 0x0625 || c == 0x0629 || c == 0x0649; // seldom in Persian
            arabic_keys += c == 0x0643 || c == 0x064A; // in Persian only with an Arabic keyboard
            han += c >= 0x4E00 && c <= 0x9FFF;
            kana += c >= 0x3040 && c <= 0x30FF;
        }
        const auto most = [&](std::size_t count) { return count * 2 > letters; };
        if (letters >= 4)
            return most(cyrillic)                                     ? "ru"
                   : most(script) && persian > 0 && persian >= arabic ? "fa"
                   : most(script) && arabic + arabic_keys > 0         ? "ar"
                   : most(han) && kana == 0                           ? "zh"
                                                                      : "";
    }
    return "";
}

std::vector<std::string> preferred_languages(const Header& header, const std::string& of_words)
{
    std::vector<std::string> languages;
    const auto add = [&](std::string_view tag) {
        const auto end =
            std::find_if(tag.begin(), tag.end(), [](char c) { return !g_ascii_isalpha(c); });
        std::string language(tag.begin(), end);
        std::transform(language.begin(), language.end(), language.begin(), g_ascii_tolower);
        if (language.size() >= 2 && language.size() <= 3 && languages.size() < 10)
            languages.push_back(language);
    };
    // Programs write the best first (RFC 9110 12.5.4).
    for (const char* name : {"Accept-Language", "Content-Language"})
        if (const std::string* value = header.find(name))
            for (std::size_t at = 0;
                 (at = value->find_first_not_of(", \t", at)) != std::string::npos;) {
                const auto end = std::min(value->find(',', at), value->size());
                add(std::string_view(*value).substr(at, end - at));
                at = end;
            }
    add(of_words);
    add("en");
    return languages;
}
