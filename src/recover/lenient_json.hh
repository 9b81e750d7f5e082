#pragma once
#include "recover/units.hh"

#include <string>
#include <string_view>
#include <vector>

// JSON (RFC 8259) read with a lenient eye: breaks anywhere, a comma too many. Values that are no
// strings are passed over.

struct Field {
    UnitsView key;          // between the quotes, with its escapes
    UnitsView value;        // the same, or a number or the like as it stands there
    bool is_string = false; // the value
};

struct Object {
    std::vector<Field> fields;
    bool closed = false;    // up to its last brace
    bool truncated = false; // the text ended within it
    bool has_comma = false; // behind its last field
};

// The object whose '{' stands at `start`, as far as it can be read; `end` is where that is. What it
// holds is borrowed from the text.
Object read_object(UnitsView text, std::size_t start, std::size_t& end);

// The first field of that name, whatever blanks the damage put into it; nullptr: none.
const Field* find_field(const Object& object, std::string_view name);
std::string name_of(const Field& field);

// A value without blanks, "" where there is none or null. What is no string is given as it stands
// there.
std::string word_of(const Object& object, std::string_view name);
std::string word_of(const Field& field);

// A string's content with its escapes undone. A break within an escape stood for nothing, and is
// gone.
Units unescaped(UnitsView text);
