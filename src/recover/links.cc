#include "recover/links.hh"

#include "marks.hh"

#include <glib.h>

namespace {

constexpr std::size_t longest_link = 2000, longest_word = 64, longest_gap = 6;

bool has_scheme(std::string_view text, std::string_view scheme)
{
    return text.size() > scheme.size() &&
           g_ascii_strncasecmp(text.data(), scheme.data(), scheme.size()) == 0;
}

bool is_url(std::string_view text)
{
    for (const std::string_view scheme : {"http:", "https:", "tel:", "file:", "mailto:", "ftp:"})
        if (has_scheme(text, scheme))
            return true;
    return false;
}

bool is_of_host(char c) { return g_ascii_isalnum(c) || c == '.' || c == ':' || c == '-'; }

// "http://8.8.8.8/" at the front of a text.
struct HostUrl {
    std::size_t length = 0; // 0: there is none
    std::string_view host;
};

HostUrl host_url_of(std::string_view text)
{
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!text.starts_with(scheme))
            continue;
        const std::string_view rest = text.substr(scheme.size());
        const auto end = std::find_if_not(rest.begin(), rest.end(), is_of_host);
        const std::string_view host = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
        return {scheme.size() + host.size() + (end != rest.end() && *end == '/'), host};
    }
    return {};
}

// The last word of a text, and how many blanks are behind it.
struct LastWord {
    std::string_view word;
    std::size_t gap = 0;
};

LastWord last_word_of(std::string_view text)
{
    constexpr std::string_view blanks = " \n\v"; // the last is mark::source_break
    text.remove_prefix(text.size() - std::min(text.size(), longest_word + longest_gap));
    const auto end = text.find_last_not_of(blanks) + 1;
    const auto start = text.find_last_of(blanks, end - 1) + 1;
    return {text.substr(start, end - start), std::min(text.size() - end, longest_gap)};
}

// What a link in brackets stands for.
struct Link {
    std::size_t length = 0;         // of all of it, at the front of the text; 0: there is none
    std::string_view address;       // the address in its place
    bool is_behind_address = false; // the address stands before it already
};

// [8.8.8.8](http://8.8.8.8), [8.8.8.8|http://8.8.8.8]. `inner` is what is in the brackets, `behind`
// what follows them.
Link labelled_link(std::string_view inner, std::string_view behind)
{
    const auto close = behind.find(')'), bar = inner.find('|');
    if (behind.starts_with('(') && close != behind.npos && is_url(behind.substr(1, close - 1)))
        return {inner.size() + close + 3, inner};
    if (bar != inner.npos && is_url(inner.substr(bar + 1)))
        return {inner.size() + 2, inner.substr(0, bar)};
    return {};
}

// "abc" in brackets is often no link though "abc" stands before it; a longer word is one.
bool repeats_word(std::string_view inner, std::string_view word_before)
{
    constexpr std::size_t longest_chance = 3;
    return word_before.size() > longest_chance && inner == word_before;
}

Link link_in_brackets(std::string_view text, std::string_view word_before)
{
    const char open = text[0], shut = open == '<' ? '>' : open == '[' ? ']' : ')';
    // No link has a bracket, a quotation mark, a backslash, or a line that is left out.
    const std::string foreign =
        (open == '(' ? "()\"\\" : "<>[]\"\\") + std::string(1, mark::left_out_line);
    const std::string_view rest = text.substr(1, longest_link);
    const auto end = rest.find_first_of(foreign);
    if (end == rest.npos || rest[end] != shut)
        return {};
    const std::string_view inner = rest.substr(0, end);
    if (const Link labelled = labelled_link(inner, rest.substr(end + 1));
        open == '[' && labelled.length > 0)
        return labelled;
    if (!is_url(inner) && !repeats_word(inner, word_before))
        return {};
    const HostUrl url = host_url_of(inner);
    if (url.length == inner.size() && !word_before.ends_with(url.host))
        return {end + 2, url.host};
    return {end + 2, "", true};
}

std::size_t drop_link(std::string_view rest, std::string& result)
{
    if (const HostUrl url = host_url_of(rest); url.length > 0) {
        result += url.host;
        return url.length;
    }
    if (rest[0] != '<' && rest[0] != '[' && rest[0] != '(')
        return 0;
    const LastWord before = last_word_of(result);
    const Link link = link_in_brackets(rest, before.word);
    if (link.is_behind_address)
        result.resize(result.size() - before.gap);
    result += link.address;
    return link.length;
}

} // namespace

Strings repair_links(const std::string& text)
{
    return unless_same(text, replaced(text, OctetSet("h<[("), drop_link));
}
