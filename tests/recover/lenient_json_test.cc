#include "recover/lenient_json.hh"

#include <doctest/doctest.h>

namespace {

// Its units live as long as it does.
struct Read {
    explicit Read(std::string_view text)
        : units(number_breaks(text).units),
          object(read_object({units, budget}, units.find(U'{'), end))
    {
    }
    Units units;
    Budget budget{10'000};
    std::size_t end = 0;
    Object object;
};

} // namespace

TEST_CASE("an object ends itself, whatever stands behind it")
{
    const Read read(R"(x{"a":"{\"b\":\"}\"}","c":[1,{"d":"]"}],"e":null}, "f":1})");
    CHECK(read.object.closed);
    CHECK_FALSE(read.object.truncated);
    CHECK(read.units.substr(read.end) == U", \"f\":1}");
    CHECK(read.object.fields.size() == 3);
    CHECK(word_of(read.object, "a") == R"({\"b\":\"}\"})");
    CHECK(word_of(read.object, "e") == "");
    CHECK(find_field(read.object, "f") == nullptr);
}

TEST_CASE("breaks may stand anywhere, in names and values, between and within escapes")
{
    const Read read("{\n \"of\nfer\"\n:\n\"a\\\n\"b\nc\"\n,\n\"n\":\n1\n}");
    REQUIRE(read.object.closed);
    REQUIRE(find_field(read.object, "offer"));
    CHECK(joined(unescaped(find_field(read.object, "offer")->value.read())) == "a\"bc");
    CHECK(word_of(read.object, "n") == "1");
    CHECK_FALSE(find_field(read.object, "n")->is_string);
}

TEST_CASE("a comma at the end is read, and told")
{
    CHECK(Read(R"({"a":"b",})").object.closed);
    CHECK(Read(R"({"a":"b",})").object.has_comma);
    CHECK_FALSE(Read(R"({"a":"b","c":"d"})").object.has_comma);
}

TEST_CASE("a text that ends within an object truncates it; what is no JSON closes nothing")
{
    for (const char* text :
         {"{", "{\"a", "{\"a\":", "{\"a\":\"b", "{\"a\":\"b\"", "{\"a\":[1,{", "{\"a\":\"b\","}) {
        CAPTURE(std::string(text));
        CHECK(Read(text).object.truncated);
        CHECK_FALSE(Read(text).object.closed);
    }
    for (const char* text : {"{a}", "{\"a\" 1}", "{\"a\":\"b\" c}", "{\"a\":]}"}) {
        CAPTURE(std::string(text));
        CHECK_FALSE(Read(text).object.truncated);
        CHECK_FALSE(Read(text).object.closed);
    }
}

TEST_CASE("RFC 8259 7: escapes are undone, also those of four digits")
{
    CHECK(joined(unescaped(number_breaks(R"(\"\\\/\n\r\t\b\f\u0022\u005Cx)").units)) ==
          "\"\\/\n\r\t\b\f\"\\x");
    CHECK(joined(unescaped(number_breaks("\\").units)) == std::string(1, '\0'));
    CHECK(unescaped(number_breaks("a\nb").units).size() == 3); // a break outside escapes stays one
}
