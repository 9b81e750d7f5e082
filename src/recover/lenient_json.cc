#include "recover/lenient_json.hh"

#include <algorithm>

namespace {

class ObjectReader {
  public:
    explicit ObjectReader(UnitsView text) : text_(text) {}

    // From a '{' on.
    Object read(std::size_t start)
    {
        constexpr std::size_t most_fields = 100;
        Object object;
        at_ = start + 1;
        while (!object.closed && object.fields.size() < most_fields) {
            skip_spaces();
            if (!at_end() && text_[at_] == '}' && ++at_)
                object.closed = true;
            else if (object.has_comma = false; !read_field(object))
                break;
        }
        object.truncated = !object.closed && at_end();
        return object;
    }

    std::size_t position() const { return at_; }

  private:
    bool at_end() const { return at_ >= text_.size(); }

    void skip_spaces()
    {
        while (!at_end() && is_space(text_[at_]))
            ++at_;
    }

    bool read_string(UnitsView& content)
    {
        const std::size_t start = ++at_;
        for (; !at_end(); ++at_) {
            if (text_[at_] == '"') {
                content = text_.substr(start, at_ - start);
                ++at_;
                return true;
            }
            if (text_[at_] == '\\') // a break in an escape doesn't end it
                while (++at_ < text_.size() && is_break(text_[at_])) {
                }
        }
        content = text_.substr(start);
        return false;
    }

    bool read_field(Object& object)
    {
        Field field;
        if (at_end() || text_[at_] != '"' || !read_string(field.name))
            return false;
        skip_spaces();
        if (at_end() || text_[at_] != ':')
            return false;
        ++at_;
        skip_spaces();
        const std::size_t start = at_;
        field.is_string = !at_end() && text_[at_] == '"';
        const bool whole = field.is_string ? read_string(field.value) : skip_value();
        if (!field.is_string)
            field.value = text_.substr(start, at_ - start);
        object.fields.push_back(field);
        if (!whole)
            return false;
        skip_spaces();
        object.has_comma = !at_end() && text_[at_] == ',';
        at_ += object.has_comma;
        return true;
    }

    bool skip_value()
    {
        std::size_t depth = 0;
        for (; !at_end(); ++at_) {
            const char32_t unit = text_[at_];
            UnitsView ignored;
            if (unit == '"') {
                if (!read_string(ignored))
                    return false;
                --at_;
            } else if (unit == '{' || unit == '[') {
                ++depth;
            } else if (depth == 0 && (unit == ',' || unit == '}')) {
                return true;
            } else if (unit == '}' || unit == ']') {
                if (depth == 0)
                    return false;
                --depth;
            }
        }
        return false;
    }

    UnitsView text_;
    std::size_t at_ = 0;
};

std::string without_blanks(std::string text)
{
    std::erase(text, ' ');
    return text;
}

} // namespace

Object read_object(UnitsView text, std::size_t start, std::size_t& end)
{
    ObjectReader reader(text);
    Object object = reader.read(start);
    end = reader.position();
    return object;
}

std::string name_of(const Field& field) { return without_blanks(joined(unescaped(field.name))); }

const Field* find_field(const Object& object, std::string_view name)
{
    const auto field = std::find_if(object.fields.begin(), object.fields.end(),
                                    [&](const Field& f) { return name_of(f) == name; });
    return field == object.fields.end() ? nullptr : &*field;
}

std::string word_of(const Field& field) { return without_blanks(joined(field.value)); }

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
