#include "extract.hh"

#include "sdp.hh"

#include <algorithm>
#include <cstdint>
#include <glib.h>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace {

// The text as one unit for each octet; each run of blanks that is not a single one (line breaks, tabs) is one unit, a break, numbered
// upwards from first_break. A break keeps its number through both levels of JSON escapes, so that what is decided about it can be done to
// the text as it came.
using Units = std::u32string;
using UnitsView = std::u32string_view;
constexpr char32_t first_break = 0x200000;

constexpr std::size_t longest_opening = 400;

bool is_break(char32_t unit) { return unit >= first_break; }
bool is_space(char32_t unit) { return unit == ' ' || unit == '\t' || unit == '\n' || unit == '\r' || is_break(unit); }

// Where each break stands in the text, by its number.
using Breaks = std::vector<std::uint32_t>;

std::size_t end_of_blanks(std::string_view text, std::size_t at) { return std::min(text.find_first_not_of(" \t\n\v\r", at), text.size()); }

Units units_of(std::string_view text, Breaks& breaks)
{
    Units units;
    units.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto end = end_of_blanks(text, i);
        if (end > i + 1 || (end > i && text[i] != ' ')) {
            units += first_break + static_cast<char32_t>(breaks.size());
            breaks.push_back(static_cast<std::uint32_t>(i));
            i = end;
        } else {
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
    bool has_comma = false; // behind its last field
};

// JSON (RFC 8259) read with a lenient eye: breaks anywhere, a comma too many. Values that are no strings are passed over.
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

// The breaks that stood for a blank; the others stood for nothing.
using Readings = std::set<char32_t>;

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
        else if (readings.contains(unit))
            result += ' ';
    }
    return result;
}

std::string without_blanks(std::string text)
{
    std::erase(text, ' ');
    return text;
}

bool has_breaks(UnitsView text) { return std::any_of(text.begin(), text.end(), is_break); }

// A key has no blanks: those came with the damage.
std::string name_of(const Field& field) { return without_blanks(joined(unescaped(field.key), {})); }

const Field* find_field(const Object& object, std::string_view name)
{
    const auto field = std::find_if(object.fields.begin(), object.fields.end(), [&](const Field& f) { return name_of(f) == name; });
    return field == object.fields.end() ? nullptr : &*field;
}

// Decides about the breaks in an SDP.
class Mender {
  public:
    Mender(std::string_view text, const Breaks& breaks, std::string_view origin, Budget& budget)
        : text_(text), breaks_(breaks), origin_(origin), budget_(budget)
    {
    }

    // False where a line has no reading that is known, or several and the other lines don't tell which is meant.
    bool mend(UnitsView sdp)
    {
        std::vector<UnitsView> ambiguous;
        for (std::size_t start = 0; start < sdp.size();) {
            const auto end = std::min(sdp.find(U'\n', start), sdp.size());
            UnitsView line = sdp.substr(start, end - start);
            start = end + 1;
            // A break at either end of a line stood for nothing: no line begins or ends with a blank.
            while (!line.empty() && (is_break(line.back()) || line.back() == '\r'))
                line.remove_suffix(1);
            while (!line.empty() && is_break(line.front()))
                line.remove_prefix(1);
            const std::vector<Readings> fitting = fitting_readings(line);
            if (fitting.empty())
                return false;
            if (fitting.size() > 1)
                ambiguous.push_back(line);
            else
                decide(line, fitting.front());
        }
        return std::all_of(ambiguous.begin(), ambiguous.end(), [&](UnitsView line) { return mend_as_others(line); });
    }

    const Readings& readings() const { return readings_; }

  private:
    std::string_view text_of(char32_t unit) const
    {
        const std::size_t at = breaks_[unit - first_break];
        return text_.substr(at, end_of_blanks(text_, at) - at);
    }

    bool is_known(UnitsView line, const Readings& chosen)
    {
        constexpr std::size_t cost = 20; // of looking at a letter so closely
        return budget_.spend(cost * line.size()) && is_known_sdp_line(joined(line, chosen), origin_);
    }

    void decide(UnitsView line, const Readings& chosen)
    {
        for (const char32_t unit : line)
            if (is_break(unit))
                habits_[text_of(unit)].insert(chosen.contains(unit));
        readings_.insert(chosen.begin(), chosen.end());
    }

    // Up to two; of a line without breaks its only one. In a line of many breaks those that are written alike stood for the same.
    std::vector<Readings> fitting_readings(UnitsView line)
    {
        constexpr std::size_t most_choices = 10;
        std::vector<std::vector<char32_t>> choices;
        std::map<std::string_view, std::vector<char32_t>> alike;
        for (const char32_t unit : line)
            if (is_break(unit)) {
                choices.push_back({unit});
                alike[text_of(unit)].push_back(unit);
            }
        if (choices.empty())
            return {{}};
        if (choices.size() > most_choices) {
            choices.clear();
            for (const auto& [text, same] : alike)
                choices.push_back(same);
        }
        std::vector<Readings> fitting;
        for (unsigned choice = 0; choices.size() <= most_choices && choice < 1U << choices.size() && fitting.size() < 2; ++choice) {
            Readings chosen;
            for (std::size_t i = 0; i < choices.size(); ++i)
                if ((choice >> i & 1) != 0)
                    chosen.insert(choices[i].begin(), choices[i].end());
            if (is_known(line, chosen))
                fitting.push_back(chosen);
        }
        return fitting;
    }

    // What did the damage did the same everywhere: a break is read as those are that are written like it.
    bool mend_as_others(UnitsView line)
    {
        Readings chosen;
        for (const char32_t unit : line) {
            if (!is_break(unit))
                continue;
            const auto habit = habits_.find(text_of(unit));
            if (habit == habits_.end() || habit->second.size() != 1)
                return false;
            if (*habit->second.begin())
                chosen.insert(unit);
        }
        readings_.insert(chosen.begin(), chosen.end());
        return is_known(line, chosen);
    }

    std::string_view text_;
    const Breaks& breaks_; // borrowed
    std::string_view origin_;
    Budget& budget_;                                    // borrowed
    std::map<std::string_view, std::set<bool>> habits_; // whether the breaks that are written so stood for a blank
    Readings readings_;
};

// What is no string is left to be refused.
std::string word_of(const Object& object, std::string_view name)
{
    const Field* field = find_field(object, name);
    const std::string word = field ? without_blanks(joined(field->value, {})) : "";
    return field && !field->is_string && word == "null" ? "" : word;
}

bool is_fingerprint(std::string_view word)
{
    return word.size() == 40 && std::all_of(word.begin(), word.end(), [](char c) { return g_ascii_isxdigit(c); });
}

// Nothing but that can be missing where all three fields are there.
bool lacks_only_its_brace(const Object& object)
{
    return !object.closed && find_field(object, "offer") && find_field(object, "nat") && is_fingerprint(word_of(object, "fingerprint"));
}

// Two fields of one name, of which nobody knows which the broker would take; or what belongs to one of ours under a name that lost a
// letter.
bool has_stray_field(const Object& object)
{
    std::set<std::string> names;
    return std::any_of(object.fields.begin(), object.fields.end(), [&](const Field& field) {
        const std::string name = name_of(field), word = without_blanks(joined(field.value, {}));
        const bool is_ours = name == "offer" || name == "nat" || name == "fingerprint";
        return !names.insert(name).second || (!is_ours && (word == "restricted" || word == "unrestricted" || is_fingerprint(word)));
    });
}

Extraction request_of(const Object& object, std::string_view text, const Breaks& breaks, Origin origin, Budget& budget)
{
    Extraction result{std::nullopt, Damage::altered, ""};
    const UnitsView offer = find_field(object, "offer")->value;
    Readings readings;
    if (has_stray_field(object) || (object.has_comma && !find_field(object, "fingerprint"))) // whose line may be lost
        return result;
    if (has_breaks(offer)) {
        const Units description = unescaped(offer);
        const auto brace = description.find(U'{');
        if (brace == Units::npos)
            return result;
        const Object inner = ObjectReader(description).read(brace);
        const Field* sdp = find_field(inner, "sdp");
        if (!inner.closed || !sdp)
            return result;
        const Units lines = unescaped(sdp->value);
        const std::string session = origin_of(joined(lines, {}));
        Mender mender(text, breaks, session, budget);
        if (!mender.mend(lines))
            return result;
        readings = mender.readings();
    }
    const std::string json = "{\"offer\":\"" + joined(offer, readings) + "\",\"nat\":\"" + word_of(object, "nat") +
                             "\",\"fingerprint\":\"" + word_of(object, "fingerprint") + "\"}";
    constexpr std::size_t most_octets = 100'000; // that the broker takes
    if (json.size() > most_octets)
        return result;
    auto request = parse_poll_request(json);
    if (!request && is_json_object(joined(unescaped(offer), {})))
        result.damage = Damage::invalid;
    else if (request && is_sound_sdp(sdp_of(*request), origin == Origin::guessed))
        result = {request, Damage::none, ""};
    return result;
}

// What breaks off within an offer's JSON, even before its session description.
bool is_cut_offer(const Object& object, const Field& offer)
{
    const auto start = std::find_if_not(offer.value.begin(), offer.value.end(), is_space);
    return !object.closed && start != offer.value.end() && *start == '{' && offer.value.find(U'\\') != UnitsView::npos;
}

// Where a person would say that this was a request, the beginning of its session description; RFC 3834 2: else there is no error reply.
std::string opening_of(UnitsView text)
{
    const auto start = text.find(U"v=0");
    if (start == UnitsView::npos || (text.find(U"ice-ufrag") == UnitsView::npos && text.find(U"candidate:") == UnitsView::npos &&
                                     text.find(U"IN IP") == UnitsView::npos))
        return "";
    const UnitsView opening = text.substr(start, longest_opening);
    return joined(opening.substr(0, opening.find(U'\x01')), {}); // up to a line that is quoted
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
    Breaks breaks;
    const Units units = units_of(text, breaks);
    const UnitsView view = units;
    for (std::size_t at = 0; (at = view.find(U'{', at)) != UnitsView::npos; ++at) {
        ObjectReader reader(view);
        const Object object = reader.read(at);
        if (!budget.spend(reader.position() - at))
            return result;
        const Field* offer = find_field(object, "offer");
        if (!offer || !offer->is_string || has_other_version(view.substr(0, at)))
            continue;
        Extraction found{std::nullopt, object.truncated ? Damage::truncated : Damage::altered, ""};
        if ((object.closed || lacks_only_its_brace(object)) &&
            budget.spend(2000 + 5 * (reader.position() - at))) // what JSON's parser takes for a short one, and for each character
            found = request_of(object, text, breaks, origin, budget);
        // Also where what stands before it can't be read.
        const auto next_offer = view.find(U"\"offer\"", static_cast<std::size_t>(offer->value.data() - view.data()));
        const UnitsView damaged = found.request ? view.substr(0, at) : view.substr(at, next_offer - at);
        if (result.damage == Damage::none && budget.spend(4 * damaged.size())) {
            if (const std::string opening = opening_of(damaged); !opening.empty())
                result = {std::nullopt, found.request ? Damage::altered : found.damage, opening};
            else if (is_cut_offer(object, *offer))
                result = {std::nullopt, Damage::truncated, joined(offer->value.substr(0, longest_opening), {})};
        }
        if (found.request) {
            result.request = found.request;
            return result;
        }
    }
    return result;
}
