#include "charset.hh"

#include <doctest/doctest.h>

using namespace std::string_literals;

namespace {

std::string utf16(std::string_view ascii, bool big_endian)
{
    std::string bytes;
    for (const char c : ascii) {
        bytes += big_endian ? '\0' : c;
        bytes += big_endian ? c : '\0';
    }
    return bytes;
}

const std::string json = R"({"offer":"{\"sdp\":\"v=0\\r\\n~\"}"})";

} // namespace

TEST_CASE("A request survives under every label that a mail client puts on it")
{
    for (const char* const label :
         {"",           "us-ascii",     "UTF-8",       "'utf-8'", "\"utf-8\"",
          "iso-8859-1", "windows-1252", "Shift_JIS",   "x-sjis",  "csShiftJIS",
          "MS_Kanji",   "iso-2022-jp",  "iso-2022-kr", "euc-jp",  "gb2312",
          "x-gbk",      "cp936",        "GB18030",     "big5",    "ks_c_5601-1987",
          "euc-kr",     "johab",        "koi8-r",      "koi8-u",  "windows-1251",
          "iso-8859-5", "utf-7",        "utf-16",      "utf-32",  "unheard-of"}) {
        CAPTURE(std::string(label));
        CHECK(to_utf8(json, label) == json);
    }
}

TEST_CASE("Each charset's letters are decoded")
{
    const auto decoded = [](const char* bytes, const char* label) { return to_utf8(bytes, label); };
    CHECK(decoded("\x93\xfa\x96\x7b\\", "Shift_JIS") == "\u65e5\u672c\\");
    CHECK(decoded("\x93\xfa", "csShiftJIS") == "\u65e5");
    CHECK(decoded("\x87\x40\\", "x-sjis") == "\u2460\\"); // only in the Windows superset
    CHECK(decoded("\xc6\xfc\xcb\xdc", "euc-jp") == "\u65e5\u672c");
    CHECK(decoded("\x1b$BF|K\\\x1b(B\\", "ISO-2022-JP") == "\u65e5\u672c\\");
    CHECK(decoded("\x1b$)C\x0e"
                  "GQ\x0f\\",
                  "iso-2022-kr") == "\ud55c\\");
    CHECK(decoded("\xc4\xe3\x81\x40", "gb2312") == "\u4f60\u4e02"); // the second only in GBK
    CHECK(decoded("\xa7\x41", "Big5") == "\u4f60");
    CHECK(decoded("\xc7\xd1\x81\x41", "ks_c_5601-1987") ==
          "\ud55c\uac02"); // the second only in UHC
    CHECK(decoded("\xf0\xd2\xc9", "koi8-r") == "\u041f\u0440\u0438");
    CHECK(decoded("\xa4", "koi8-u") == "\u0454");
    CHECK(decoded("\xcf\xf0\xe8", "windows-1251") == "\u041f\u0440\u0438");
    CHECK(decoded("\xcf\xf0\xe8", "cp1251") == "\u041f\u0440\u0438");
    CHECK(decoded("\xbf\xe0\xd8", "ISO_8859-5") == "\u041f\u0440\u0438");
    CHECK(decoded("\xc7", "windows-1256") == "\u0627");
}

TEST_CASE("The yen sign of ISO-2022-JP's Roman set is the backslash that was typed")
{
    CHECK(to_utf8("\x1b(J{\\\"sdp\\\"}\x1b(B\\", "iso-2022-jp") == "{\\\"sdp\\\"}\\");
}

TEST_CASE("RFC 1642, RFC 2152: UTF-7 has other names")
{
    for (const char* name : {"UTF-7", "unicode-1-1-utf-7", "UNICODE-1-1-UTF-7",
                             "x-unicode-2-0-utf-7", "X-UNICODE-2-0-UTF-7", "csUnicode11UTF7",
                             "csUTF7", "x-utf-7", "unicode-2-0-utf-7", "cp65000"}) {
        CAPTURE(std::string(name));
        CHECK(to_utf8("+AHsAIg-offer+ACI-:+AFwAXA-r", name) == "{\"offer\":\\\\r");
    }
    CHECK(to_utf8("+AHs-", "unicode-1-1") == "+AHs-");
    CHECK(to_utf8("+AHs-", "utf-70") == "+AHs-");
}

TEST_CASE("UTF-7 writes the backslash as +AFw- (RFC 2152), or carelessly as itself")
{
    CHECK(to_utf8("+AHsAIg-offer+ACI-:+AFwAXA-r a+-b", "UTF-7") == "{\"offer\":\\\\r a+b");
    CHECK(to_utf8("\\r+AFw-n~", "utf-7") == "\\r\\n~");
}

TEST_CASE("Outlook and Exchange call windows-1252 ISO-8859-1, quotes and holes included")
{
    CHECK(to_utf8("\x93offer\x94 \xe9", "iso-8859-1") == "\u201coffer\u201d \u00e9");
    CHECK(to_utf8("\x93offer\x94", "us-ascii") == "\u201coffer\u201d");
    CHECK(to_utf8("\x93offer\x94", "") == "\u201coffer\u201d");
    CHECK(to_utf8("\x93offer\x94 \x81\x8d\x8f\x90\x9d", "iso8859-1") ==
          "\u201coffer\u201d \u0081\u008d\u008f\u0090\u009d");
}

TEST_CASE("QQ sends UTF-8 as ISO-8859-1, and others under whatever label")
{
    for (const char* const label :
         {"iso-8859-1", "us-ascii", "", "gb2312", "koi8-r", "shift_jis", "iso-2022-jp", "utf-16"})
        CHECK(to_utf8("{\u201coffer\u201d:\u00a0\"\u4f60\"}", label) ==
              "{\u201coffer\u201d:\u00a0\"\u4f60\"}");
}

TEST_CASE("UTF-8 that was cut or mixed keeps what is good of it")
{
    CHECK(to_utf8("\u201coffer\u201d \xe9 \x93x\x94 \xe4\xbd", "utf-8") ==
          "\u201coffer\u201d \u00e9 \u201cx\u201d \u00e4\u00bd");
    CHECK(to_utf8("\xc0\xaf\xed\xa0\x80\xf5", "utf-8") ==
          "\u00c0\u00af\u00ed\u00a0\u20ac\u00f5"); // overlong, surrogate, too large
}

TEST_CASE("Bytes that a charset lacks become U+FFFD and harm nothing beside them")
{
    CHECK(to_utf8("{\"\x81\"}\xff\x83", "shift_jis") == "{\"\ufffd\"}\ufffd\ufffd");
    CHECK(to_utf8("\xff{}", "gbk") == "\ufffd{}");
    CHECK(to_utf8("\x1b$B!\x7f\x1b(B{}", "iso-2022-jp") == "\ufffd\x7f{}");
}

TEST_CASE("Notepad's byte order marks beat the label and go")
{
    CHECK(to_utf8("\ufeff{\u00a0}", "koi8-r") == "{\u00a0}");
    CHECK(to_utf8("\ufeff\x93", "koi8-r") == "\u201c");
    CHECK(to_utf8("\xff\xfe" + utf16("{}", false), "utf-8") == "{}");
    CHECK(to_utf8("\xfe\xff" + utf16("{}", true), "iso-8859-1") == "{}");
    CHECK(to_utf8("\xff\xfe\x1c\x20\x3d\xd8\x00\xde"s, "") == "\u201c\U0001f600");
    CHECK(to_utf8("\xfe\xff\x20\x1c\xd8\x3d\xde\x00"s, "") == "\u201c\U0001f600");
    CHECK(to_utf8("a\ufeff", "") == "a\ufeff");
}

TEST_CASE("PowerShell's UTF-16 is found by its zero bytes, labelled or not")
{
    for (const char* const label : {"", "us-ascii", "utf-16", "utf-16le", "utf-16be"}) {
        CAPTURE(std::string(label));
        CHECK(to_utf8(utf16(json, false), label) == json);
        CHECK(to_utf8(utf16(json, true), label) == json);
    }
    CHECK(to_utf8("\x60\x4f\x7d\x59\x60\x4f\x7d\x59\x60\x4f\x7d\x59\x60\x4f\x7d\x59{\0}\0"s,
                  "utf-16") == "\u4f60\u597d\u4f60\u597d\u4f60\u597d\u4f60\u597d{}");
    CHECK(to_utf8("{\0}\0\0\0x\0y\0"s, "") == "{}xy");
    CHECK(to_utf8("{\0}\0{\0}\0\x00\xd8x\0y"s, "utf-16le") ==
          "{}{}\ufffdx\ufffd"); // half a surrogate pair, half a character
}

TEST_CASE("UTF-32 is read only where it fits")
{
    CHECK(to_utf8("{\0\0\0}\0\0\0\x1c\x20\0\0"s, "utf-32") == "{}\u201c");
    CHECK(to_utf8("\xff\xfe\0\0{\0\0\0}\0\0\0"s, "") == "{}");
    CHECK(to_utf8("\0\0\xfe\xff\0\0\0{\0\0\0}\0\0 \x1c"s, "") == "{}\u201c");
    CHECK(to_utf8("{\"offer\":1}", "utf-32") == "{\"offer\":1}");
}

TEST_CASE("Stray NULs go (RFC 5322 section 4 has them in old mail)")
{
    CHECK(to_utf8("{\0\"offer\": \"x\"}\0 and more text"s, "utf-8") ==
          "{\"offer\": \"x\"} and more text");
    CHECK(to_utf8("\xe2\0\x80\x9c, and quite a lot of text"s, "utf-8") ==
          "\u201c, and quite a lot of text");
    CHECK(to_utf8("{}\0, and quite a lot of text"s, "utf-8") == "{}, and quite a lot of text");
    CHECK(to_utf8("a\0\0b\0\0c\0\0d"s, "us-ascii") == "abcd");
    CHECK(to_utf8(std::string(65536, '\0'), "").empty());
    CHECK(to_utf8("", "utf-16").empty());
    CHECK(to_utf8("\0"s, "").empty());
}

TEST_CASE("A hostile label is an unknown one")
{
    for (const std::string& label :
         {"UTF-8//TRANSLIT"s, "KOI8-R//IGNORE"s, "../../%n%s%x\";\n\tx='"s, "koi8-r\n"s, "utf-7\0"s,
          std::string(5000, 'u'), "iso-8859-"s, "iso-8859-99"s, "windows-12511"s, "ISO-8859-\xff"s,
          "EBCDIC-US"s})
        CHECK(to_utf8("{+AFw-\\\x93\u4f60}", label) == "{+AFw-\\\u201c\u4f60}");
}

TEST_CASE("Long text is decoded whole")
{
    std::string bytes, text;
    for (int i = 0; i < 30000; ++i) {
        bytes += "\x93\xfa";
        text += "\u65e5";
    }
    CHECK(to_utf8(bytes, "shift_jis") == text);
}

TEST_CASE("Text without one good byte gives bounded, valid UTF-8")
{
    for (const char* const label : {"", "shift_jis", "gb2312", "euc-kr", "big5", "iso-2022-jp",
                                    "utf-7", "koi8-r", "utf-16", "tis-620"}) {
        CAPTURE(std::string(label));
        const std::string text = to_utf8(std::string(1 << 16, '\xff'), label);
        CHECK(text.size() > 1 << 16);
        CHECK(text.size() <= 3 << 16);
        CHECK(to_utf8(text, "") == text);
    }
    CHECK(to_utf8(std::string(1 << 16, '\xff'), "shift_jis").size() == 3 << 16);
}

TEST_CASE("windows-1252 outside of its quotes and signs is Latin-1")
{
    CHECK(windows_1252(0x7f) == 0x7f);
    CHECK(windows_1252(0x80) == 0x20ac);
    CHECK(windows_1252(0x9f) == 0x178);
    CHECK(windows_1252(0xa0) == 0xa0);
}

TEST_CASE("a long text is decoded whole, wherever its characters lie")
{
    for (const std::size_t shift : {0U, 1U, 2U, 3U}) {
        std::string bytes(shift, 'x'), wanted(shift, 'x');
        for (int i = 0; i < 6000; ++i) {
            bytes += "\x82\xa0"; // Shift_JIS
            wanted += "\u3042";
        }
        CAPTURE(shift);
        CHECK(to_utf8(bytes, "shift_jis") == wanted);
        CHECK(to_utf8(bytes + "\x82", "shift_jis") == wanted + "\ufffd"); // cut at the very end
    }
}

TEST_CASE("no mark comes in with a text, nor a form feed; a vertical tab is a line break")
{
    CHECK(to_utf8("a\x01"
                  "b\fc\vd",
                  "") == "abc\nd");
    CHECK(to_utf8(std::string("a\0\x01\0b\0", 6), "utf-16le") == "ab");
}
