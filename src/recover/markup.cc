#include "recover/markup.hh"

#include "html.hh"
#include "lines.hh"
#include "marks.hh"
#include "recover/encodings.hh"

#include <glib.h>

namespace {

// Postfix breaks a long line anywhere, in &quot; too.
std::size_t join_reference(std::string_view rest, std::string& result)
{
    constexpr std::size_t longest_reference = 12;
    const std::string_view start = rest.substr(0, longest_reference);
    const auto end = rest[0] == '&' ? start.find_first_of("&;", 1) : rest.npos;
    if (end == rest.npos || rest[end] == '&')
        return 0;
    for (const char c : rest.substr(0, end))
        if (!g_ascii_isspace(c))
            result += c;
    return end;
}

// Programs wrap lines before they are so long. A line break in a text with such a line was made
// because a line was too long (RFC 5322 2.1.1), not in place of a blank.
bool has_long_line(std::string_view text)
{
    constexpr std::size_t longest_wrapped = 900;
    while (!text.empty())
        if (without_line_feed(take_line(text)).size() > longest_wrapped)
            return true;
    return false;
}

} // namespace

Strings texts_of_html(const std::string& html)
{
    Strings sources = repair_quoted_printable(html);
    sources.insert(sources.begin(), html);
    Strings texts;
    for (const std::string& source : sources) {
        const std::string whole = replaced(source, OctetSet("&"), join_reference);
        const bool has_breaks = contains(source, "\n");
        if (!has_breaks || !has_long_line(source))
            texts.push_back(html_to_text(whole, SourceBreaks::blank));
        if (has_breaks)
            texts.push_back(html_to_text(whole, SourceBreaks::marked));
    }
    return texts;
}

Strings repair_html_source(const std::string& text)
{
    const bool is_html = contains(text, "</") || contains(text, "<br") || contains(text, "<BR") ||
                         contains(text, "<p>");
    // A line that was left out must not get lost in a tag.
    const bool is_whole = text.find(mark::left_out_line) == text.npos;
    return is_html && is_whole ? texts_of_html(text) : Strings{};
}

Strings repair_references(const std::string& text)
{
    return unless_same(text, without_references(replaced(text, OctetSet("&"), join_reference)));
}
