#include "html.hh"

#include "charset.hh"
#include "marks.hh"
#include "octet_set.hh"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <glib.h>
#include <vector>

// A tokenizer without a tree: only line ends, white space and quoting hang on an element here, and
// with a tree HTML's rules for misnested tags let 1 MiB of hostile mail grow into gigabytes. The
// sections named are those of the WHATWG HTML standard.

namespace {

constexpr OctetSet blanks(" \t\n\r\f");

template <class... T> constexpr auto names(T... name)
{
    return std::to_array<std::string_view>({name...});
}
constexpr auto block_elements =
    names("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
          "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
          "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main",
          "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "textarea",
          "tfoot", "thead", "tr", "ul");
constexpr auto void_elements = names("area", "base", "col", "embed", "hr", "img", "input", "link",
                                     "meta", "param", "source", "wbr");
// What is between their tags is not HTML; except for a textarea's, nobody sees it.
constexpr auto unparsed_elements =
    names("iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp");

static_assert(std::ranges::is_sorted(block_elements) && std::ranges::is_sorted(void_elements) &&
              std::ranges::is_sorted(unparsed_elements));

bool is_one_of(std::string_view name, const auto& elements)
{
    return std::ranges::binary_search(elements, name);
}

std::string lower(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), g_ascii_tolower);
    return result;
}

// The characters that a poll request may hold, and those that clean-up folds into them. Any other
// reference stays as it is written.
constexpr auto references = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"quot", "\""},      {"amp", "&"},        {"lt", "<"},          {"gt", ">"},
     {"QUOT", "\""},      {"AMP", "&"},        {"LT", "<"},          {"GT", ">"},
     {"nbsp", "\u00a0"},  {"shy", "\u00ad"},   {"laquo", "\u00ab"},  {"raquo", "\u00bb"},
     {"yen", "\u00a5"},   {"apos", "'"},       {"lpar", "("},        {"rpar", ")"},
     {"ast", "*"},        {"plus", "+"},       {"comma", ","},       {"period", "."},
     {"sol", "/"},        {"colon", ":"},      {"semi", ";"},        {"equals", "="},
     {"percnt", "%"},     {"commat", "@"},     {"lsqb", "["},        {"lbrack", "["},
     {"bsol", "\\"},      {"rsqb", "]"},       {"rbrack", "]"},      {"lowbar", "_"},
     {"lcub", "{"},       {"lbrace", "{"},     {"rcub", "}"},        {"rbrace", "}"},
     {"ensp", "\u2002"},  {"emsp", "\u2003"},  {"thinsp", "\u2009"}, {"zwnj", "\u200c"},
     {"zwj", "\u200d"},   {"lrm", "\u200e"},   {"rlm", "\u200f"},    {"ldquo", "\u201c"},
     {"rdquo", "\u201d"}, {"bdquo", "\u201e"}, {"lsquo", "\u2018"},  {"rsquo", "\u2019"},
     {"prime", "\u2032"}, {"Prime", "\u2033"}, {"ndash", "\u2013"},  {"mdash", "\u2014"}});
constexpr std::size_t may_lack_semicolon = 13; // the first of them, for the sake of old pages

// Takes a character reference from the front of the text, or the "&" alone where none follows
// (13.2.5.72 to 13.2.5.80).
std::string take_reference(std::string_view& text)
{
    std::string result = "&";
    std::size_t size = 1;
    if (text.starts_with("&#")) {
        const bool hex = text.substr(2, 1) == "x" || text.substr(2, 1) == "X";
        std::uint32_t number = 0;
        const char* const digits = text.data() + (hex ? 3 : 2);
        const char* const end =
            std::from_chars(digits, text.data() + text.size(), number, hex ? 16 : 10).ptr;
        if (end != digits) {
            size = static_cast<std::size_t>(end - text.data());
            if (number == 0) // also where it is too large
                number = U'\ufffd';
            result.clear();
            if (number < 0x80)
                append_incoming(result, static_cast<char>(number));
            else if (number < 0x100)
                append_utf8(result, windows_1252(static_cast<unsigned char>(number)));
            else
                append_utf8(result, number);
        }
    }
    const std::string_view after = text.substr(1, text.substr(1).find('&'));
    for (std::size_t i = 0; size == 1 && i < references.size() && !after.empty(); ++i) {
        const auto& [name, meaning] = references[i];
        if (after.starts_with(name) &&
            (i < may_lack_semicolon || after.substr(name.size()).starts_with(';'))) {
            size = 1 + name.size();
            result = meaning;
        }
    }
    text.remove_prefix(size);
    if (size > 1 && text.starts_with(';'))
        text.remove_prefix(1);
    return result;
}

enum class WhiteSpace { normal, pre_line, pre }; // CSS 2.1, 16.6

// What a style attribute makes of the white space; white-space-collapse is the newer property.
WhiteSpace white_space_of(std::string_view attribute, WhiteSpace inherited)
{
    std::string style = ';' + lower(attribute);
    std::erase_if(style, [](char c) { return blanks.has(c); });
    const std::size_t last = style.rfind(";white-space");
    if (last == style.npos)
        return inherited;
    const std::string value = style.substr(style.find(':', last) + 1);
    if (value.starts_with("pre-line") || value.starts_with("preserve-breaks"))
        return WhiteSpace::pre_line;
    if (value.starts_with("pre") || value.starts_with("break-spaces"))
        return WhiteSpace::pre;
    return value.starts_with("inherit") ? inherited : WhiteSpace::normal;
}

class Reader {
  public:
    Reader(std::string_view html, SourceBreaks source_breaks_)
        : rest(html), longest(2 * html.size()), source_breaks(source_breaks_)
    {
    }

    // Whatever is still open at the end (a tag, a comment, <style>) hides the rest of the mail, as
    // it does in a browser.
    std::string read()
    {
        const auto is_letter = [&](std::size_t i) {
            return i < rest.size() && g_ascii_isalpha(rest[i]);
        };
        while (!rest.empty()) { // 13.2.5.1, 13.2.5.6
            put(take(rest.find('<')));
            if (is_letter(1) || (rest.starts_with("</") && is_letter(2))) {
                read_tag();
            } else if (rest.starts_with("<!--")) {
                take(rest.find("-->", 2)); // "<!-->" is whole
                take(3);
            } else if (rest.starts_with("<!") || rest.starts_with("<?") || rest.starts_with("</")) {
                take(rest.find('>'));
                take(1);
            } else {
                put(take(1));
            }
        }
        return std::move(text);
    }

  private:
    // What white space or an element's border puts before the next character, the widest winning;
    // none of it stays at the ends of a line.
    enum class Gap { none, blank, tab, source_line, line };

    std::string_view take(std::size_t size) // npos: all
    {
        const std::string_view taken = rest.substr(0, size);
        rest.remove_prefix(taken.size());
        return taken;
    }

    void skip(const OctetSet& set)
    {
        while (!rest.empty() && set.has(rest[0]))
            rest.remove_prefix(1);
    }

    void read_tag() // 13.2.5.8, 13.2.5.32 to 13.2.5.40
    {
        const bool closing = take(rest[1] == '/' ? 2 : 1).size() == 2;
        static constexpr OctetSet name_ends(" \t\n\r\f/>"), attribute_ends(" \t\n\r\f/>="),
            bare_value_ends(" \t\n\r\f>"), between_attributes(" \t\n\r\f/");
        const std::string name =
            lower(take(name_ends.find_in(rest)).substr(0, 12)); // none of ours is longer
        std::string_view style;
        for (skip(between_attributes); !rest.empty() && rest[0] != '>'; skip(between_attributes)) {
            const std::string_view attribute = take(attribute_ends.find_in(rest, 1));
            skip(blanks);
            if (!rest.starts_with('='))
                continue;
            take(1);
            skip(blanks);
            const std::string_view quote =
                take(rest.starts_with('"') || rest.starts_with('\'') ? 1 : 0);
            const std::string_view value =
                take(quote.empty() ? bare_value_ends.find_in(rest) : rest.find(quote));
            take(quote.size());
            if (style.empty() && attribute.size() == 5 && lower(attribute) == "style")
                style = value;
        }
        if (take(1).empty())
            return;
        if (name == "td" || name == "th")
            gap = std::max(gap, Gap::tab);
        else if (is_one_of(name, block_elements))
            gap = Gap::line;
        if (name == "br") // also "</br>"
            put('\n');
        else if (closing)
            close(name);
        else if (!is_one_of(name, void_elements))
            open(name, style);
    }

    void open(const std::string& name, std::string_view style)
    {
        const Element& outer = elements.back();
        const bool preformatted = name == "pre" || name == "textarea";
        const WhiteSpace white_space =
            white_space_of(style, preformatted ? WhiteSpace::pre : outer.white_space);
        const int quotes = std::min(outer.quotes + (name == "blockquote"), 3);
        if ((white_space != outer.white_space || quotes != outer.quotes) && elements.size() < 64)
            elements.push_back({name, white_space, quotes, 0});
        else if (const auto same =
                     std::ranges::find(elements.rbegin(), elements.rend(), name, &Element::name);
                 same != elements.rend())
            ++same->inner;
        if (preformatted) // 13.2.6.4.7: the line break after the tag is no text
            take(rest.starts_with("\r\n") ? 2 : rest.starts_with('\n') ? 1 : 0);
        if (!is_one_of(name, unparsed_elements))
            return;
        std::size_t end = 0; // 13.2.5.9 to 13.2.5.20
        while ((end = rest.find("</", end)) != rest.npos &&
               lower(rest.substr(end + 2, name.size())) != name)
            end += 2;
        const std::string_view content = take(end);
        if (name == "textarea")
            put(content);
    }

    void close(const std::string& name)
    {
        const auto same =
            std::ranges::find(elements.rbegin(), elements.rend(), name, &Element::name);
        if (same != elements.rend() && same->inner-- == 0)
            elements.erase(same.base() - 1, elements.end());
    }

    void put(std::string_view run)
    {
        const WhiteSpace white_space = elements.back().white_space;
        std::string decoded;
        while (!run.empty()) {
            std::string_view piece = run.substr(0, run.find('&'));
            run.remove_prefix(piece.size());
            if (piece.empty())
                piece = decoded = take_reference(run);
            while (!piece.empty()) {
                const std::string_view word = piece.substr(0, blanks.find_in(piece));
                put_word(word);
                piece.remove_prefix(word.size());
                if (piece.empty())
                    break;
                const char c = piece[0];
                piece.remove_prefix(1);
                if ((c == '\n' && white_space != WhiteSpace::normal) ||
                    (c != '\r' && white_space == WhiteSpace::pre))
                    put(c);
                else
                    widen(c == '\n' && source_breaks == SourceBreaks::marked ? Gap::source_line
                                                                             : Gap::blank,
                          c == ' ' || c == '\t');
            }
        }
    }

    void put_word(std::string_view word) // without a blank
    {
        if (word.empty())
            return;
        put(word[0]);
        text += word.substr(1, longest - std::min(longest, text.size()));
    }

    void widen(Gap wider, bool has_blank)
    {
        gap = std::max(gap, wider);
        gap_has_blank = gap_has_blank || has_blank;
    }

    void put(char c)
    {
        if (text.size() >= longest)
            return;
        if (gap == Gap::line && !at_line_start) {
            text += '\n';
            at_line_start = true;
        } else if (gap == Gap::source_line && !at_line_start && c != '\n') {
            text += mark::source_break;
            text += gap_has_blank ? " " : ""; // decide_breaks() says whether it was one
        } else if (gap != Gap::none && !at_line_start && c != '\n') {
            text += gap == Gap::tab ? '\t' : ' ';
        }
        gap = Gap::none;
        gap_has_blank = false;
        for (int i = 0; at_line_start && i < elements.back().quotes; ++i)
            text += "> ";
        text += c;
        at_line_start = c == '\n';
    }

    struct Element { // only the open ones that change how text is set
        std::string name;
        WhiteSpace white_space;
        int quotes; // how many <blockquote> it is in
        int inner;  // how many others of its name, which change nothing, are open inside
    };

    std::string_view rest;
    const std::size_t longest; // only quoted empty lines make more of it
    const SourceBreaks source_breaks;
    std::vector<Element> elements = {{"", WhiteSpace::normal, 0, 0}}; // the page itself comes first
    std::string text;
    Gap gap = Gap::none;
    bool gap_has_blank = false;
    bool at_line_start = true;
};

} // namespace

std::string without_references(std::string_view text)
{
    std::string result;
    while (!text.empty()) {
        const std::string_view run = text.substr(0, text.find('&'));
        text.remove_prefix(run.size());
        result += run;
        if (!text.empty())
            result += take_reference(text);
    }
    return result;
}

std::string html_to_text(std::string_view html, SourceBreaks source_breaks)
{
    return Reader(html, source_breaks).read();
}
