#include "sentences.hh"

#include "handle.hh"
#include "lines.hh"

#include <algorithm>
#include <glib.h>

extern const char english_sentences[]; // contrib/help/en.txt, by the Makefile

namespace {

constexpr const char* help = "help";

bool is_name(std::string_view line)
{
    return line.size() > 2 && line.starts_with('[') && line.ends_with(']') &&
           std::all_of(line.begin() + 1, line.end() - 1,
                       [](char c) { return g_ascii_islower(c) || c == '-'; });
}

// Without the blank lines around it.
std::string_view trimmed(std::string_view text)
{
    const auto start = std::min(text.find_first_not_of('\n'), text.size());
    return text.substr(start, text.find_last_not_of('\n') + 1 - start);
}

Sentences read_file(const std::string& name)
{
    char* raw = nullptr;
    gsize size = 0;
    const bool is_read = g_file_get_contents(name.c_str(), &raw, &size, nullptr);
    const GString8 text(raw);
    return is_read ? parse_sentences({text.get(), size}) : Sentences();
}

} // namespace

Sentences parse_sentences(std::string_view text)
{
    constexpr std::string_view byte_order_mark = "\ufeff", blanks = " \t\r\n";
    Sentences sentences;
    if (!g_utf8_validate_len(text.data(), text.size(), nullptr))
        return sentences;
    if (text.starts_with(byte_order_mark))
        text.remove_prefix(byte_order_mark.size());
    std::string name = help, words;
    const auto finish = [&] {
        if (const auto whole = trimmed(words); !whole.empty())
            sentences[name] = whole;
        words.clear();
    };
    while (!text.empty()) {
        std::string_view line = take_line(text);
        line = line.substr(0, line.find_last_not_of(blanks) + 1);
        if (line.starts_with('#'))
            continue;
        if (is_name(line)) {
            finish();
            name = line.substr(1, line.size() - 2);
        } else {
            words.append(line).append("\n");
        }
    }
    finish();
    return sentences;
}

Sentences read_sentences(const std::string& directory, const std::vector<std::string>& languages)
{
    Sentences sentences;
    for (const std::string& language : languages)
        sentences.merge(read_file(directory + "/" + language + ".txt"));
    Sentences english = parse_sentences(english_sentences);
    english.erase(help);
    sentences.merge(english);
    return sentences;
}

std::string sentence(const Sentences& sentences, std::string_view name,
                     std::string_view placeholder, std::string_view value)
{
    const auto found = sentences.find(name);
    return found == sentences.end() ? "" : filled_in(found->second, placeholder, value);
}

std::string filled_in(std::string text, std::string_view placeholder, std::string_view value)
{
    for (std::size_t at = 0; !placeholder.empty() && (at = text.find(placeholder, at)) != text.npos;
         at += value.size())
        text.replace(at, placeholder.size(), value);
    return text;
}
