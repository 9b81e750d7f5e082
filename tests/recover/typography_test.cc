#include "recover/typography.hh"

#include <doctest/doctest.h>

namespace {

// "none" where there is nothing to repair.
std::string repaired(const std::string& text)
{
    const Strings texts = repair_typography(text);
    return texts.empty() ? "none" : texts.front();
}

} // namespace

TEST_CASE("word processors and phones: quotes of all kinds become straight, dashes become hyphens")
{
    CHECK(repaired("{\u201coffer\u201d:\u201ex\u201c,\u00aby\u00bb,\u301dz\u301e}") ==
          "{\"offer\":\"x\",\"y\",\"z\"}");
    CHECK(repaired("\u2018a\u2019 \u2032b") == "'a' 'b");
    CHECK(repaired("o=\u2013 end\u2011of\u2212x") == "o=- end-of-x");
    CHECK(repaired("127\u2026") == "127...");
    CHECK(repaired("{\u00ab\u00a0offer\u202f\u00bb:\u300c\u300d\u3003") == "{\"offer\":\"\"\"");
}

TEST_CASE("163.com's no-break spaces and all other blanks become blanks")
{
    for (const std::string blank :
         {"\u00a0", "\u2002", "\u2003", "\u2009", "\u202f", "\u205f", "\u3000"})
        CHECK(repaired("a" + blank + "b") == "a b");
    CHECK(repaired("a\u2028b\u0085c") == "a\nb\nc");
}

TEST_CASE(
    "iOS Mail's byte order marks, Teams' zero-width spaces, direction marks and soft hyphens go")
{
    for (const std::string mark :
         {"\ufeff", "\u200b", "\u200c", "\u200d", "\u2060", "\u00ad", "\u202c", "\u2066", "\u200f"})
        CHECK(repaired("of" + mark + "fer") == "offer");
}

TEST_CASE(
    "terminals: colours and control characters go, but for line ends and what stands for a line "
    "that was left out")
{
    CHECK(repaired("\x1b[32;1mof\x1b[0mfer\x02\x7f\x1f") == "offer");
    CHECK(repaired("a\tb\r\n\x01\n") == "none");
}

TEST_CASE("Persian and Arabic digits become ASCII")
{
    CHECK(repaired("\u06f1\u06f2.\u0663") == "12.3");
}

TEST_CASE("East Asian input methods' full-width letters become ASCII")
{
    CHECK(repaired("\uff5b\uff02a\uff02\uff1a\uff11\uff5d") == "{\"a\":1}");
}

TEST_CASE(
    "Shift_JIS and EUC-KR: a yen or won sign was a backslash, unless the text has backslashes")
{
    CHECK(repaired("{\u00a5\"") == "{\\\"");
    CHECK(repaired("{\u20a9\"") == "{\\\"");
    CHECK(repaired("{\uffe6\"") == "{\\\"");
    CHECK(repaired("\\ costs \u00a5 5") == "none");
}

TEST_CASE("letters that mean nothing here are left as they are")
{
    CHECK(repaired("\u043f\u0440\u0438\u0432\u0435\u0442") == "none");
    CHECK(repaired("plain") == "none");
    CHECK(repaired("\xff\xfe") == "none");
}
