#include "recover/lenient_json.hh"

#include <algorithm>

namespace {

std::string without_blanks(std::string text)
{
    std::erase(text, ' ');
    return text;
}

// Looks at each unit of the text once.
class ObjectReader {
  public:
    explicit ObjectReader(const PaidUnits& text) : text_(text) {}

    // From a '{' on.
    Object read(std::size_t start)
    {
        constexpr std::size_t most_fields = 100;
        Object object;
        go_to(start + 1);
        while (!object.closed && object.fields.size() < most_fields) {
            skip_spaces();
            if (pass('}'))
                object.closed = true;
            else if (object.has_comma = false; !read_field(object))
                break;
        }
        object.truncated = !object.closed && at_end();
        return object;
    }

    std::size_t position() const { return at_; }

  private:
    void go_to(std::size_t place)
    {
        at_ = place;
        unit_ = text_.at(place);
    }

    void advance() { go_to(at_ + 1); }

    bool at_end() const { return unit_ == PaidUnits::no_unit; }

    bool pass(char32_t unit)
    {
        const bool is_there = unit_ == unit;
        if (is_there)
            advance();
        return is_there;
    }

    void skip_spaces()
    {
        while (!at_end() && is_space(unit_))
            advance();
    }

    // From behind its first quotation mark on. False: it has no other.
    bool read_string(PaidUnits& content)
    {
        const std::size_t start = at_;
        for (; !at_end(); advance()) {
            if (unit_ == '"') {
                content = text_.part(start, at_ - start);
                advance();
                return true;
            }
            if (unit_ == '\\') // a break in an escape doesn't end it
                do
                    advance();
                while (!at_end() && is_break(unit_));
        }
        content = text_.part(std::min(start, text_.size()));
        return false;
    }

    bool read_field(Object& object)
    {
        PaidUnits name;
        if (!pass('"') || !read_string(name))
            return false;
        skip_spaces();
        if (!pass(':'))
            return false;
        skip_spaces();
        Field field;
        field.name = without_blanks(joined(unescaped(name.read())));
        field.is_string = pass('"');
        field.start = std::min(at_, text_.size());
        const bool whole = field.is_string ? read_string(field.value) : skip_value();
        if (!field.is_string)
            field.value = text_.part(field.start, at_ - field.start);
        object.fields.push_back(std::move(field));
        if (!whole)
            return false;
        skip_spaces();
        object.has_comma = pass(',');
        return true;
    }

    bool skip_value()
    {
        std::size_t depth = 0;
        while (!at_end()) {
            PaidUnits ignored;
            if (pass('"')) {
                if (!read_string(ignored))
                    return false;
                continue;
            }
            if (unit_ == '{' || unit_ == '[') {
                ++depth;
            } else if (depth == 0 && (unit_ == ',' || unit_ == '}')) {
                return true;
            } else if (unit_ == '}' || unit_ == ']') {
                if (depth == 0)
                    return false;
                --depth;
            }
            advance();
        }
        return false;
    }

    PaidUnits text_;
    std::size_t at_ = 0;
    char32_t unit_ = PaidUnits::no_unit; // there; no_unit: the end
};

} // namespace

Object read_object(const PaidUnits& text, std::size_t start, std::size_t& end)
{
    ObjectReader reader(text);
    Object object = reader.read(start);
    end = reader.position();
    return object;
}

const Field* find_field(const Object& object, std::string_view name)
{
    const auto field = std::find_if(object.fields.begin(), object.fields.end(),
                                    [&](const Field& f) { return f.name == name; });
    return field == object.fields.end() ? nullptr : &*field;
}

std::string word_of(const Field& field) { return without_blanks(joined(field.value.read())); }

std::string word_of(const Object& object, std::string_view name)
{
    const Field* field = find_field(object, name);
    const std::string word = field ? word_of(*field) : "";
    return field && !field->is_string && word == "null" ? "" : word;
}

Units unescaped(UnitsView text)
{
    Units result;
    std::size_t i = 0;
    const auto next = [&]() -> char32_t {
        while (i < text.size() && is_break(text[i]))
            ++i;
        return i < text.size() ? text[i++] : 0;
    };
    while (i < text.size()) {
        if (text[i] != '\\') {
            result += text[i++];
            continue;
        }
        ++i;
        switch (const char32_t letter = next()) {
        case 'n': result += '\n'; break;
        case 'r': result += '\r'; break;
        case 't': result += '\t'; break;
        case 'b': result += '\b'; break;
        case 'f': result += '\f'; break;
        case 'u': {
            char32_t code = 0;
            for (int digit = 0; digit < 4; ++digit) {
                const char32_t c = next();
                code = code * 16 + (c >= '0' && c <= '9' ? c - '0' : ((c | 0x20) - 'a' + 10) & 0xf);
            }
            result += code;
            break;
        }
        default: result += letter;
        }
    }
    return result;
}
