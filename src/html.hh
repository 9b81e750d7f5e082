#pragma once
#include <string>
#include <string_view>

// What a line break in the source of HTML becomes. It is a blank, but some gateways break lines
// inside words. `marked` keeps it as mark::source_break, so that it can be decided about later.
enum class SourceBreaks { blank, marked };

// The text of UTF-8 HTML as a reader sees it. Lines end with LF; a tab parts the cells of a table;
// each level of <blockquote> up to the third puts "> " before its lines; a no-break space stays
// one. It never fails. Linear in time, at most twice as long as the HTML and a few octets.
std::string html_to_text(std::string_view html, SourceBreaks source_breaks = SourceBreaks::blank);

// The text with its character references (&quot; &#34;) decoded once.
std::string without_references(std::string_view text);
