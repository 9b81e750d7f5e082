#pragma once
#include "recover/paid_units.hh"

#include <string>
#include <string_view>
#include <vector>

// JSON (RFC 8259) read with a lenient eye: breaks may stand anywhere, and a comma too many. What is
// read is borrowed from the text.

struct Field {
    std::string name;       // without its escapes, and the blanks that damage put into it
    PaidUnits value;        // between its quotation marks; as it is written when it is no string
    std::size_t start = 0;  // where the value stands in the text
    bool is_string = false; // the value
};

struct Object {
    std::vector<Field> fields;
    bool closed = false;    // it is there up to its last brace
    bool truncated = false; // the text ended within it
    bool has_comma = false; // behind its last field
};

// Reads the object whose '{' stands at `start`, as far as it can. Sets `end` to where reading
// ended. Once the budget is spent, the text has ended.
Object read_object(const PaidUnits& text, std::size_t start, std::size_t& end);

// The value, with its escapes, without the blanks and breaks that damage put into it.
std::string word_of(const Field& field);

// The first field of that name; borrowed, nullptr: there is none.
const Field* find_field(const Object& object, std::string_view name);

// The word of that field; "" where there is none, or where it is null.
std::string word_of(const Object& object, std::string_view name);

// A string's content with its escapes undone. A break within an escape stood for nothing and goes.
Units unescaped(UnitsView text);
