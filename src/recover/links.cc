#include "recover/links.hh"

#include <algorithm>
#include <glib.h>

namespace {

constexpr std::size_t longest_link = 2000, longest_word = 64, longest_gap = 6;

bool is_url(std::string_view text)
{
    const auto has_scheme = [&](std::string_view scheme) {
        return text.size() > scheme.size() &&
               g_ascii_strncasecmp(text.data(), scheme.data(), scheme.size()) == 0;
    };
    return has_scheme("http:") || has_scheme("https:") || has_scheme("tel:") ||
           has_scheme("file:") || has_scheme("mailto:") || has_scheme("ftp:");
}

// The octets of "http://8.8.8.8/" at the front of the text, of which `host` is the middle; 0: there
// is no such thing.
std::size_t length_of_host_url(std::string_view text, std::string_view& host)
{
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!text.starts_with(scheme))
            continue;
        const auto end = std::find_if_not(
            text.begin() + static_cast<std::ptrdiff_t>(scheme.size()), text.end(),
            [](char c) { return g_ascii_isalnum(c) || c == '.' || c == ':' || c == '-'; });
        host = text.substr(scheme.size(),
                           static_cast<std::size_t>(end - text.begin()) - scheme.size());
        return scheme.size() + host.size() + (end != text.end() && *end == '/');
    }
    return 0;
}

// The last word of the text, and how many blanks are behind it.
std::string_view last_word(std::string_view text, std::size_t& gap)
{
    text.remove_prefix(text.size() - std::min(text.size(), longest_word + longest_gap));
    const auto end = text.find_last_not_of(" \n\v") + 1,
               start = text.find_last_of(" \n\v", end - 1) + 1;
    gap = std::min(text.size() - end, longest_gap);
    return text.substr(start, end - start);
}

// What a link in brackets stands for: all of it at the front of the text takes `length` octets.
struct Link {
    std::size_t length = 0;         // 0: there is none
    std::string_view address;       // that it stands in place of
    bool is_behind_address = false; // which stands before it already
};

// [8.8.8.8](http://8.8.8.8), [8.8.8.8|http://8.8.8.8]; `inner` is what is in the brackets, `behind`
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

Link link_in_brackets(std::string_view text, std::string_view word_before)
{
    const char open = text[0], shut = open == '<' ? '>' : open == '[' ? ']' : ')';
    // No link has a bracket, a quote, a backslash, or a line that is left out.
    const std::string_view rest = text.substr(1, longest_link);
    const auto end = rest.find_first_of(open == '(' ? "()\"\\\x01" : "<>[]\"\\\x01");
    if (end == rest.npos || rest[end] != shut)
        return {};
    const std::string_view inner = rest.substr(0, end);
    if (const Link labelled = labelled_link(inner, rest.substr(end + 1));
        open == '[' && labelled.length > 0)
        return labelled;
    if (!is_url(inner) && (word_before.size() <= 3 || inner != word_before))
        return {};
    std::string_view host;
    if (length_of_host_url(inner, host) == inner.size() && !word_before.ends_with(host))
        return {end + 2, host};
    return {end + 2, "", true};
}

} // namespace

Texts undo_links(const std::string& text)
{
    return unless_same(
        text,
        rewritten(text, [](std::string_view t, std::size_t at, std::string& result) -> std::size_t {
            std::string_view host;
            if (const std::size_t length = length_of_host_url(t.substr(at), host)) {
                result += host;
                return length;
            }
            if (t[at] != '<' && t[at] != '[' && t[at] != '(')
                return 0;
            std::size_t gap = 0;
            const Link link = link_in_brackets(t.substr(at), last_word(result, gap));
            if (link.is_behind_address)
                result.resize(result.size() - gap);
            result += link.address;
            return link.length;
        }));
}
