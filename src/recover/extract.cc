#include "recover/extract.hh"

#include "recover/lenient_json.hh"
#include "recover/mender.hh"
#include "recover/sdp.hh"

#include <algorithm>
#include <glib.h>
#include <set>
#include <string>

namespace {

constexpr std::size_t longest_opening = 400;

bool is_fingerprint(std::string_view word)
{
    return word.size() == 40 &&
           std::all_of(word.begin(), word.end(), [](char c) { return g_ascii_isxdigit(c); });
}

// Nothing but that can be missing where all three fields are there.
bool lacks_only_its_brace(const Object& object)
{
    return !object.closed && find_field(object, "offer") && find_field(object, "nat") &&
           is_fingerprint(word_of(object, "fingerprint"));
}

// Two fields of one name, of which nobody knows which the broker would take; or what belongs to one
// of ours under a name that lost a letter.
bool has_stray_field(const Object& object)
{
    std::set<std::string> names;
    return std::any_of(object.fields.begin(), object.fields.end(), [&](const Field& field) {
        const std::string name = name_of(field), word = word_of(field);
        const bool is_ours = name == "offer" || name == "nat" || name == "fingerprint";
        return !names.insert(name).second ||
               (!is_ours &&
                (word == "restricted" || word == "unrestricted" || is_fingerprint(word)));
    });
}

Extraction request_of(const Object& object, std::string_view text, const Breaks& breaks,
                      Origin origin, Budget& budget)
{
    Extraction result{std::nullopt, Damage::altered, ""};
    const UnitsView offer = find_field(object, "offer")->value;
    Readings readings;
    if (has_stray_field(object) ||
        (object.has_comma && !find_field(object, "fingerprint"))) // whose line may be lost
        return result;
    const Doubt doubt = origin == Origin::guessed ? Doubt::guesses
                        : has_breaks(offer)       ? Doubt::breaks
                                                  : Doubt::none;
    if (has_breaks(offer)) {
        const Units description = unescaped(offer);
        const auto brace = description.find(U'{');
        if (brace == Units::npos)
            return result;
        std::size_t end = 0;
        const Object inner = read_object(description, brace, end);
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
    const std::string json = "{\"offer\":\"" + joined(offer, readings) + "\",\"nat\":\"" +
                             word_of(object, "nat") + "\",\"fingerprint\":\"" +
                             word_of(object, "fingerprint") + "\"}";
    constexpr std::size_t most_octets = 100'000; // that the broker takes
    if (json.size() > most_octets)
        return result;
    auto request = parse_poll_request(json);
    if (!request && is_json_object(joined(unescaped(offer), {})))
        result.damage = Damage::invalid;
    else if (request && is_sound_sdp(sdp_of(*request), doubt))
        result = {request, Damage::none, ""};
    return result;
}

// What breaks off within an offer's JSON, even before its session description.
bool is_cut_offer(const Object& object, const Field& offer)
{
    const auto start = std::find_if_not(offer.value.begin(), offer.value.end(), is_space);
    return !object.closed && start != offer.value.end() && *start == '{' &&
           offer.value.find(U'\\') != UnitsView::npos;
}

// Where a person would say that this was a request, the beginning of its session description; RFC
// 3834 2: else there is no error reply.
std::string opening_of(UnitsView text)
{
    const auto start = text.find(U"v=0");
    if (start == UnitsView::npos ||
        (text.find(U"ice-ufrag") == UnitsView::npos &&
         text.find(U"candidate:") == UnitsView::npos && text.find(U"IN IP") == UnitsView::npos))
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
    while (start > 0 &&
           (before[start - 1] == '.' || (before[start - 1] >= '0' && before[start - 1] <= '9')))
        --start;
    const bool stands_alone = start == 0 || is_break(before[start - 1]);
    const UnitsView version = before.substr(start);
    return stands_alone && version.size() >= 3 && version.size() <= 5 &&
           version.find(U'.') != UnitsView::npos && version != U"1.0";
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
        std::size_t end = at;
        const Object object = read_object(view, at, end);
        if (!budget.spend(end - at))
            return result;
        const Field* offer = find_field(object, "offer");
        if (!offer || !offer->is_string || has_other_version(view.substr(0, at)))
            continue;
        Extraction found{std::nullopt, object.truncated ? Damage::truncated : Damage::altered, ""};
        if ((object.closed || lacks_only_its_brace(object)) &&
            budget.spend(
                2000 +
                5 * (end - at))) // what JSON's parser takes for a short one, and for each character
            found = request_of(object, text, breaks, origin, budget);
        // Also where what stands before it can't be read.
        const auto next_offer =
            view.find(U"\"offer\"", static_cast<std::size_t>(offer->value.data() - view.data()));
        const UnitsView damaged =
            found.request ? view.substr(0, at) : view.substr(at, next_offer - at);
        if (result.damage == Damage::none && budget.spend(4 * damaged.size())) {
            if (const std::string opening = opening_of(damaged); !opening.empty())
                result = {std::nullopt, found.request ? Damage::altered : found.damage, opening};
            else if (is_cut_offer(object, *offer))
                result = {std::nullopt, Damage::truncated,
                          joined(offer->value.substr(0, longest_opening), {})};
        }
        if (found.request) {
            result.request = found.request;
            return result;
        }
    }
    return result;
}
