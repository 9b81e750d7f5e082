#include "extract.hh"

#include "sdp.hh"

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace {

// The text as one unit for each octet; each run of line breaks with the blanks around it is a single unit, a break, numbered upwards from first_break.
// A break keeps its number through both levels of JSON escapes, so that what is decided about it can be done to the text as it came.
using Units = std::u32string;
using UnitsView = std::u32string_view;
constexpr char32_t first_break = 0x200000;

bool is_break(char32_t unit) { return unit >= first_break; }
bool is_space(char32_t unit) { return unit == ' ' || unit == '\t' || unit == '\n' || unit == '\r' || is_break(unit); }

Units units_of(std::string_view text)
{
    Units units;
    units.reserve(text.size());
    char32_t next_break = first_break;
    for (std::size_t i = 0; i < text.size();) {
        const auto end = std::min(text.find_first_not_of(" \t\r\n", i), text.size());
        if (std::any_of(text.begin() + static_cast<std::ptrdiff_t>(i), text.begin() + static_cast<std::ptrdiff_t>(end),
                        [](char c) { return c == '\n' || c == '\r'; })) {
            units += next_break++;
            i = end;
        } else {
            for (; i < end; ++i)
                units += static_cast<char32_t>(text[i]);
            if (i < text.size())
                units += static_cast<unsigned char>(text[i++]);
        }
    }
    return units;
}

struct Field {
    UnitsView key;          // between the quotes, with its escapes
    UnitsView value;        // the same, or a number or the like as it stands there
    bool is_string = false; // the value
};

struct Object {
    std::vector<Field> fields;
    bool closed = false;    // up to its last brace
    bool truncated = false; // the text ended within it
};

// JSON (RFC 8259) read with a lenient eye: breaks anywhere, a comma too many. Values that are no strings are passed over.
class ObjectReader {
  public:
    explicit ObjectReader(UnitsView text) : text_(text) {}

    // From a '{' on.
    Object read(std::size_t start)
    {
        Object object;
        at_ = start + 1;
        while (!object.closed) {
            skip_spaces();
            if (!at_end() && text_[at_] == '}' && ++at_)
                object.closed = true;
            else if (!read_field(object))
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
        if (at_end() || text_[at_] != '"' || !read_string(field.key))
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
        if (!at_end() && text_[at_] == ',')
            ++at_;
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

// What each break is read as; one that isn't in it stood for nothing.
using Readings = std::map<char32_t, std::string>;

// A JSON string's content with its escapes undone. A break within an escape stood for nothing, and is gone.
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

// As it came, but for the breaks.
std::string joined(UnitsView text, const Readings& readings)
{
    std::string result;
    for (const char32_t unit : text) {
        if (!is_break(unit))
            result += static_cast<char>(unit);
        else if (const auto reading = readings.find(unit); reading != readings.end())
            result += reading->second;
    }
    return result;
}

bool has_breaks(UnitsView text) { return std::any_of(text.begin(), text.end(), is_break); }

// nullptr: none, or two: nobody knows which of them the broker would take.
const Field* find_field(const Object& object, std::string_view name)
{
    const auto is_it = [&](const Field& f) { return joined(unescaped(f.key), {}) == name; };
    const auto end = object.fields.end();
    const auto field = std::find_if(object.fields.begin(), end, is_it);
    return field == end || std::find_if(field + 1, end, is_it) != end ? nullptr : &*field;
}

// Decides about the breaks in one SDP line; false where no reading or more than one makes a line that is known.
class LineMender {
  public:
    LineMender(Readings& readings, Budget& budget) : readings_(readings), budget_(budget) {}

    bool mend(UnitsView line)
    {
        std::vector<char32_t> breaks;
        std::copy_if(line.begin(), line.end(), std::back_inserter(breaks), is_break);
        if (breaks.empty())
            return true;
        if (breaks.size() > most_breaks)
            return false;
        std::vector<Readings> fitting;
        for (unsigned choice = 0; choice < 1U << breaks.size(); ++choice) {
            if (!budget_.spend(line.size()))
                return false;
            Readings readings;
            for (std::size_t i = 0; i < breaks.size(); ++i)
                readings[breaks[i]] = (choice >> i & 1) != 0 ? " " : "";
            if (is_known_sdp_line(joined(line, readings)))
                fitting.push_back(readings);
        }
        if (fitting.empty())
            return false;
        if (fitting.size() > 1) {
            ambiguous_.push_back(fitting);
            return true;
        }
        for (const auto& [unit, reading] : fitting.front()) {
            ++(reading.empty() ? nothings_ : blanks_);
            readings_[unit] = reading;
        }
        return true;
    }

    // Where the grammar leaves a choice, the mail program that broke these lines decides: one that took blanks away did so everywhere, and one that
    // cut after so many columns put nothing in their place.
    bool settle_ambiguous()
    {
        for (const auto& fitting : ambiguous_) {
            if ((blanks_ > 0) == (nothings_ > 0))
                return false;
            const std::string usual = blanks_ > 0 ? " " : "";
            const auto chosen = std::find_if(fitting.begin(), fitting.end(), [&](const Readings& readings) {
                return std::all_of(readings.begin(), readings.end(), [&](const auto& r) { return r.second == usual; });
            });
            if (chosen == fitting.end())
                return false;
            readings_.insert(chosen->begin(), chosen->end());
        }
        return true;
    }

  private:
    static constexpr std::size_t most_breaks = 10;
    Readings& readings_;
    Budget& budget_;
    std::vector<std::vector<Readings>> ambiguous_;
    int blanks_ = 0;
    int nothings_ = 0;
};

bool mend_sdp(UnitsView sdp, Readings& readings, Budget& budget)
{
    LineMender mender(readings, budget);
    for (std::size_t start = 0; start < sdp.size();) {
        const auto end = std::min(sdp.find(U'\n', start), sdp.size());
        UnitsView line = sdp.substr(start, end - start);
        start = end + 1;
        // A break at either end of a line stood for nothing: no line begins or ends with a blank.
        while (!line.empty() && (is_break(line.back()) || line.back() == '\r'))
            line.remove_suffix(1);
        while (!line.empty() && is_break(line.front()))
            line.remove_prefix(1);
        if (!mender.mend(line))
            return false;
    }
    return mender.settle_ambiguous();
}

// nat and fingerprint have no blanks: those came with the damage. What is no string is left to be refused.
std::string word_of(const Object& object, std::string_view name)
{
    const Field* field = find_field(object, name);
    std::string word = field ? joined(field->value, {}) : "";
    word.erase(std::remove(word.begin(), word.end(), ' '), word.end());
    return field && !field->is_string && word == "null" ? "" : word;
}

bool is_known_sdp(std::string_view sdp)
{
    while (!sdp.empty()) {
        const auto end = std::min(sdp.find('\n'), sdp.size());
        std::string_view line = sdp.substr(0, end);
        sdp.remove_prefix(std::min(end + 1, sdp.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (!is_known_sdp_line(line))
            return false;
    }
    return true;
}

Extraction request_of(const Object& object, Origin origin, Budget& budget)
{
    const Extraction altered{std::nullopt, Damage::altered};
    const UnitsView offer = find_field(object, "offer")->value;
    Readings readings;
    if (has_breaks(offer)) {
        const Units description = unescaped(offer);
        const auto brace = description.find(U'{');
        if (brace == Units::npos)
            return altered;
        const Object inner = ObjectReader(description).read(brace);
        const Field* sdp = find_field(inner, "sdp");
        if (!inner.closed || !sdp || !mend_sdp(unescaped(sdp->value), readings, budget))
            return altered;
    }
    const std::string json = "{\"offer\":\"" + joined(offer, readings) + "\",\"nat\":\"" + word_of(object, "nat") + "\",\"fingerprint\":\"" +
                             word_of(object, "fingerprint") + "\"}";
    auto request = parse_poll_request(json);
    if (!request)
        return is_json_object(joined(unescaped(offer), {})) ? Extraction{std::nullopt, Damage::invalid} : altered;
    const std::string sdp = sdp_of(*request);
    if (!is_plausible_sdp(sdp) || (origin == Origin::guessed && !is_known_sdp(sdp)))
        return altered;
    return {request, Damage::none};
}

// Whether a person would say that this was a request. RFC 3834 2: else there is no error reply.
bool is_recognisable(UnitsView text)
{
    return text.find(U"v=0") != UnitsView::npos && (text.find(U"ice-ufrag") != UnitsView::npos || text.find(U"candidate:") != UnitsView::npos ||
                                                    text.find(U"IN IP") != UnitsView::npos);
}

// "A missing 1.0 is fine; another explicit version is not": the line before the object.
bool has_other_version(UnitsView before)
{
    while (!before.empty() && is_space(before.back()))
        before.remove_suffix(1);
    std::size_t start = before.size();
    while (start > 0 && (before[start - 1] == '.' || (before[start - 1] >= '0' && before[start - 1] <= '9')))
        --start;
    const bool stands_alone = start == 0 || is_break(before[start - 1]);
    const UnitsView version = before.substr(start);
    return stands_alone && version.size() >= 3 && version.size() <= 5 && version.find(U'.') != UnitsView::npos && version != U"1.0";
}

} // namespace

Extraction extract_request(std::string_view text, Origin origin, Budget& budget)
{
    Extraction result;
    if (text.find("offer") == std::string_view::npos || !budget.spend(text.size()))
        return result;
    const Units units = units_of(text);
    const UnitsView view = units;
    for (std::size_t at = 0; (at = view.find(U'{', at)) != UnitsView::npos; ++at) {
        ObjectReader reader(view);
        const Object object = reader.read(at);
        if (!budget.spend(reader.position() - at))
            return result;
        const Field* offer = find_field(object, "offer");
        if (!offer || !offer->is_string || has_other_version(view.substr(0, at)))
            continue;
        Extraction found{std::nullopt, object.truncated ? Damage::truncated : Damage::altered};
        if (object.closed)
            found = request_of(object, origin, budget);
        if (found.request)
            return found;
        if (result.damage == Damage::none && budget.spend(view.size() - at) && is_recognisable(view.substr(at)))
            result.damage = found.damage;
    }
    return result;
}
