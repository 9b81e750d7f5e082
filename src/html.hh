#pragma once
#include <string>
#include <string_view>

// A line break in the source of HTML is a blank, and some gateways insert it inside words: with
// `marked` it is a vertical tab, which can be told from a blank, and from a line's end.
enum class SourceBreaks { blank, marked };

// The text of UTF-8 HTML as a reader sees it: lines end with LF, table cells are parted by a tab,
// each level of <blockquote> up to the third puts "> " before its lines. A no-break space stays
// one. Never fails; linear in time, at most twice as long as the HTML and a few octets.
std::string html_to_text(std::string_view html, SourceBreaks source_breaks = SourceBreaks::blank);

// The text with its character references (&quot; &#34;) decoded once.
std::string without_references(std::string_view text);
