#include "html.hh"

#include <doctest/doctest.h>

namespace {

std::string repeated(std::string_view unit, std::size_t size = 1 << 20)
{
    std::string text;
    while (text.size() + unit.size() <= size)
        text += unit;
    return text;
}

} // namespace

TEST_CASE("Gmail puts each pasted line into a div of its own and writes quotes as entities")
{
    CHECK(
        html_to_text(R"(<div dir="auto">1.0</div><div dir="auto">{&quot;offer&quot;:&quot;{\&quot;)"
                     R"(sdp\&quot;}&quot;}</div>)") == "1.0\n{\"offer\":\"{\\\"sdp\\\"}\"}");
}

TEST_CASE("Gmail and Delta Chat part lines with br, which counts every time")
{
    CHECK(html_to_text("<div dir=\"ltr\">Hello,<br><br>1.0<br/>{}</div><div>Alice</div>") ==
          "Hello,\n\n1.0\n{}\nAlice");
    CHECK(html_to_text("<div>1.0<br></div><div><br></div><div>{}<BR /></div>") == "1.0\n\n{}\n");
    CHECK(html_to_text("a</br>b") == "a\nb");
}

TEST_CASE("Outlook breaks the source of its HTML where a blank or nothing is meant")
{
    CHECK(html_to_text("<html>\r\n<head>\r\n<meta "
                       "http-equiv=\"Content-Type\">\r\n</head>\r\n<body>"
                       "\r\n<div\r\nclass=\"elementToProof\">\r\n"
                       "1.0</div>\r\n<p class=MsoNormal>{&quot;sdp&quot;:\r\n  "
                       "&quot;o=-\r\n1&quot;}<o:p></o:p></p>\r\n</body>\r\n</html>\r\n") ==
          "1.0\n{\"sdp\": \"o=- 1\"}");
}

TEST_CASE("A gateway's line breaks inside words can be told from blanks on request")
{
    CHECK(html_to_text("<p>a=e\nxtmap 1 \r\n2") == "a=e xtmap 1 2");
    CHECK(html_to_text("<p>a=e\nxtmap 1 \r\n2", SourceBreaks::marked) == "a=e\vxtmap 1\v 2");
    CHECK(html_to_text("<p>1\r\n2\n  3<br>\n 4", SourceBreaks::marked) == "1\v2\v 3\n4");
}

TEST_CASE(
    "Inline elements, Proton's spans, QQ's wbr and automatic links among them, add nothing to a "
    "word")
{
    CHECK(html_to_text(
              "<span>a=ice-</span><span "
              "style=\"color:red\">uf<b>r</b>ag</span>:<wbr>x<i>y</i><o:p>z</o:p><img src='x'>") ==
          "a=ice-ufrag:xyz");
    CHECK(html_to_text("IN IP4 <a href=\"http://8.8.8.8/?a>b\">8.8.8.8</a> 3000") ==
          "IN IP4 8.8.8.8 3000");
    CHECK(html_to_text("a <b> b</b> <i>c </i>") == "a b c");
}

TEST_CASE("Yandex puts a comment behind each brace")
{
    CHECK(
        html_to_text(
            "<div>{<!-- -->\"offer\":\"{<!-- -->\\\"sdp\\\"}\"}<!-- <p> --></div><!-->x<!--->y") ==
        "{\"offer\":\"{\\\"sdp\\\"}\"}\nxy");
    CHECK(html_to_text("a<![if !mso]>b<![endif]>c<?xml:namespace prefix = o />d</ >e") == "abcde");
}

TEST_CASE("Outlook, GMX and 163.com write no-break spaces, which stay what they are")
{
    CHECK(html_to_text("t=0&nbsp;0 \u00a0&#160;&#xA0;<br>&nbsp; x") ==
          "t=0\u00a00 \u00a0\u00a0\u00a0\n\u00a0 x");
}

TEST_CASE(
    "Numeric references stand for any character, windows-1252 included (WHATWG HTML 13.2.5.80)")
{
    CHECK(html_to_text("&#123;&#34;&#x5C;&#X5c&#0000034;&#147;&#x94;&#x20AC;&#8220;&#128512;") ==
          "{\"\\\\\"\u201c\u201d\u20ac\u201c\U0001f600");
}

TEST_CASE("Hostile numeric references become U+FFFD")
{
    CHECK(html_to_text("&#99999999999;&#0;&#xD800;&#xdfff;&#1114112;|") ==
          "\ufffd\ufffd\ufffd\ufffd\ufffd|");
    CHECK(html_to_text("&#;&#x;&#-1;&#x") == "&#;&#x;&#-1;&#x");
}

TEST_CASE(
    "Named references are decoded once, some without their semicolon, and other text after & stays")
{
    CHECK(html_to_text("&lbrace;&quot;a&quot&colon;&bsol;&rcub;&ldquo;&zwj;&apos;") ==
          "{\"a\":\\}\u201c\u200d'");
    CHECK(html_to_text("&amp;quot;&amp;amp;") == "&quot;&amp;");
    CHECK(html_to_text("R&D&&unknown;&;&colon&") == "R&D&&unknown;&;&colon&");
}

TEST_CASE(
    "Thunderbird and Apple Mail send white space that counts in pre and white-space styles (CSS "
    "2.1 16.6)")
{
    CHECK(html_to_text(
              "<pre class=\"moz-quote-pre\" wrap=\"\">\n1.0\r\n{ \"a\":\n  1}\n</pre>x  y") ==
          "1.0\n{ \"a\":\n  1}\nx y");
    CHECK(
        html_to_text(
            "<div style=\"color:red; WHITE-SPACE : pre-wrap\">a  b\n<span>c\n</span>d</div>e\nf") ==
        "a  b\nc\nd\ne f");
    CHECK(html_to_text("<span style='white-space-collapse: preserve;'>a  b</span>  c") == "a  b c");
    CHECK(html_to_text("<p style=white-space:pre-line>a  b \n c</p>") == "a b\nc");
    CHECK(html_to_text(
              "<pre>a  b<span style=\"white-space: normal !important\">c  d</span>e  f</pre>") ==
          "a  bc de  f");
    CHECK(html_to_text("<body style=\"line-break: after-white-space; x: pre\">a  b") == "a b");
}

TEST_CASE("White space stays kept until the element that keeps it ends, whatever is nested inside")
{
    CHECK(html_to_text(
              "<div style=\"white-space:pre\"><div>a  b</div><img style=\"white-space:normal\">c  "
              "d</div>e  f") == "a  b\nc  d\ne f");
    CHECK(html_to_text("<blockquote><span style=\"white-space:pre\">a</blockquote>b  c") ==
          "> a\nb c");
}

TEST_CASE("A copied test page's textarea keeps its text, tags included")
{
    CHECK(html_to_text(
              "<form><textarea rows=2>\r\n1.0\r\n{&quot;a&quot;:  \"<b>\"}</TextArea ></form>x") ==
          "1.0\n{\"a\":  \"<b>\"}\nx");
}

TEST_CASE("Nobody sees style, script and title")
{
    CHECK(html_to_text(
              "<head><title>{&quot;a</title><style>p > a { x: y }</style></head><script>if (a<b) "
              "'</p>'</script >text") == "text");
}

TEST_CASE("What is never closed hides the rest, as in a browser")
{
    CHECK(html_to_text("a<style>{} <p>b") == "a");
    CHECK(html_to_text("a<!-- <p>b") == "a");
    CHECK(html_to_text("a<p title=\"b") == "a");
    CHECK(html_to_text("a</") == "a");
}

TEST_CASE("Unescaped < is text where no tag follows (WHATWG HTML 13.2.5.6)")
{
    CHECK(html_to_text("1 < 2 <3 <") == "1 < 2 <3 <");
}

TEST_CASE("Cells of a signature table are parted by a tab, its rows by a line end")
{
    CHECK(html_to_text(
              "<table>\n<tr>\n<td>a</td>\n<td></td><TD>b</TD>\n</tr><tr><th>c</th><th>d</th></tr>"
              "<tr><td><div>e</div></td></tr></table>f") == "a\tb\nc\td\ne\nf");
}

TEST_CASE("Blocks that hold nothing leave no empty lines")
{
    CHECK(html_to_text("<div><div><ul><li>a</li><li>b</li></ul></div></div><hr><h1>c</h1>") ==
          "a\nb\nc");
    CHECK(html_to_text("").empty());
}

TEST_CASE("Gmail's and Apple Mail's blockquotes are quoted with > for each level")
{
    CHECK(html_to_text(
              "<div>new</div><blockquote "
              "type=\"cite\"><div>a</div><br><blockquote>b<br>c</blockquote>d</blockquote>e") ==
          "new\n> a\n> \n> > b\n> > c\n> d\ne");
    CHECK(html_to_text(repeated("<blockquote>", 1200) + "x") == "> > > x");
}

TEST_CASE("An attribute's value hides > and the words in it")
{
    CHECK(html_to_text("<p title='a>b' data-x=\"<br>\" = / x=y/>c<br/>d") == "c\nd");
    CHECK(html_to_text(
              "<p data-style=\"white-space:pre\" style=\"color:red\" style=\"white-space:pre\">a  "
              "b") == "a b");
}

TEST_CASE("1 MiB of hostile HTML gives bounded text")
{
    for (const std::string_view unit : {"<div>",
                                        "<b>",
                                        "<a><table>",
                                        "<blockquote>",
                                        "<pre>",
                                        "<textarea>",
                                        "<svg><math>",
                                        "<template>",
                                        "<isindex>",
                                        "<form><table>",
                                        "<p a=1",
                                        "<p a=\"",
                                        "<!--",
                                        "<!",
                                        "</",
                                        "</>",
                                        "<",
                                        "&",
                                        "&#",
                                        "&#x41",
                                        "&quot",
                                        "<script></script",
                                        "<title>",
                                        "<select><option>",
                                        "<b style=white-space:pre>",
                                        "<i style=white-space:pre><u style=white-space:normal>",
                                        "</i>",
                                        "<td>",
                                        "<p style='white-space:"}) {
        CAPTURE(std::string(unit));
        const std::string text = html_to_text("1.0<br>" + repeated(unit));
        CHECK(text.starts_with("1.0\n"));
        CHECK(text.size() <= (1 << 20) + 4);
    }
    CHECK(html_to_text(repeated("<div>", 500000) + "1.0<br>{}") == "1.0\n{}");
    CHECK(html_to_text(repeated("<b c=1>", 500000) + repeated("</p>x<p>", 500000) + "{}")
              .ends_with("\nx\n{}"));
    CHECK(html_to_text(repeated("<blockquote>", 500000) + repeated("</blockquote>", 13 * 41666) +
                       "{}") == "{}");
    CHECK(html_to_text(repeated("<i style=white-space:pre><u style=white-space:normal>", 500000) +
                       repeated("</x>", 500000) + "{}") == "{}");
    CHECK(html_to_text("<p " + repeated("a=1 ") + ">{}") == "{}");
    CHECK(html_to_text(repeated("&quot;")) == std::string((1 << 20) / 6, '"'));
    CHECK(html_to_text("<blockquote><pre>" + repeated("\n")).size() <= 7 << 20);
}

TEST_CASE("no mark comes in with a character reference")
{
    CHECK(html_to_text("a&#1;b&#x1;c&#12;d") == "abcd");
    CHECK(without_references("a&#1;b&#11;c") == "ab\nc");
}
