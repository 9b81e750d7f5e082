#include "recover/find.hh"

#include "marks.hh"
#include "recover/decide_breaks.hh"
#include "recover/lenient_json.hh"
#include "recover/likeness.hh"
#include "recover/sdp.hh"

#include <algorithm>
#include <array>
#include <glib.h>
#include <set>

namespace {

constexpr std::size_t longest_opening = 400; // units
constexpr std::size_t most_octets = 100'000; // that the broker takes, and Snowflake's client

bool is_fingerprint(std::string_view word)
{
    return word.size() == 40 &&
           std::all_of(word.begin(), word.end(), [](char c) { return g_ascii_isxdigit(c); });
}

// Nothing but the last brace can be missing where all three fields are there.
bool lacks_only_its_brace(const Object& object)
{
    return !object.closed && find_field(object, "offer") && find_field(object, "nat") &&
           is_fingerprint(word_of(object, "fingerprint"));
}

constexpr std::array<std::string_view, 3> names_of_request = {"offer", "nat", "fingerprint"};

bool is_of_request(const std::string& name)
{
    return name == "link" || std::find(names_of_request.begin(), names_of_request.end(), name) !=
                                 names_of_request.end();
}

// Whether a value of ours under a name that isn't may be a field of ours whose name was damaged.
// Clients write all their fields: one that is new stands beside the one that it resembles.
bool may_be_ours(const Field& field, const Object& object, Certainty certainty)
{
    const std::string word = word_of(field);
    const bool is_print = is_fingerprint(word);
    if (is_of_request(field.name) || !(is_print || word == "restricted" || word == "unrestricted"))
        return false;
    return certainty != Certainty::exact || !find_field(object, is_print ? "fingerprint" : "nat") ||
           std::any_of(names_of_request.begin(), names_of_request.end(),
                       [&](std::string_view known) { return is_like(field.name, known); });
}

// Two fields of one name, and nobody knows which of them the broker would take; or a field of ours
// under a name that lost a letter. No link is worth a request: whatever is in it is no stray field.
bool has_stray_field(const Object& object, Certainty certainty)
{
    std::set<std::string> names;
    return std::any_of(object.fields.begin(), object.fields.end(), [&](const Field& field) {
        return field.name != "link" &&
               (!names.insert(field.name).second || may_be_ours(field, object, certainty));
    });
}

// A comma behind the last field says that another line may be lost.
bool may_lack_a_field(const Object& object)
{
    return object.has_comma && !find_field(object, "fingerprint");
}

// The breaks of an offer as they were decided about; none: they can't be.
std::optional<Blanks> decide_breaks_of(const PaidUnits& offer, const BrokenText& text,
                                       Budget& budget)
{
    const Units units = unescaped(offer.read());
    const PaidUnits description(units, budget);
    const auto brace = description.find(U"{");
    if (brace == PaidUnits::npos)
        return std::nullopt;
    std::size_t end = 0;
    const Object object = read_object(description, brace, end);
    const Field* sdp = find_field(object, "sdp");
    if (!object.closed || !sdp)
        return std::nullopt;
    const Units lines = unescaped(sdp->value.read());
    return decide_breaks(text, {lines, budget}, origin_line_of(joined(lines)), budget);
}

// What JSON's parser takes for a short object, and for each of its characters.
constexpr std::size_t parsing_cost(std::size_t size) { return 2000 + 5 * size; }

// As it is written there, breaks and all.
std::string text_of(UnitsView units, const BrokenText& text)
{
    std::string written;
    for (const char32_t unit : units)
        if (is_break(unit))
            written += text.text_of(unit);
        else
            written += static_cast<char>(unit);
    std::replace(written.begin(), written.end(), mark::source_break, '\n');
    return written;
}

// Where the request asks for a link to. That counts only where the object is a request as it is
// written, without any repair: a port that was cut off, or that a break stands in, is another port.
LinkTarget link_target_of(const Object& object, const PaidUnits& written, const BrokenText& text,
                          Budget& budget)
{
    if (!find_field(object, "link") || !budget.spend(parsing_cost(written.size())))
        return LinkTarget::none;
    const auto request = parse_poll_request(text_of(written.read(), text));
    return request ? request->link : LinkTarget::none;
}

// What is between the value's quotation marks, its breaks decided about. That may make it less
// certain. None: they can't be decided about.
std::optional<std::string> without_breaks(const PaidUnits& value, const BrokenText& text,
                                          Certainty& certainty, Budget& budget)
{
    const UnitsView units = value.read();
    if (!has_breaks(units))
        return joined(units);
    const auto decided = decide_breaks_of(value, text, budget);
    if (!decided)
        return std::nullopt;
    certainty = std::max(certainty, Certainty::unwrapped);
    return joined(units, *decided);
}

using Recovered = std::variant<Defect, PollRequest>;

// `written`: the object, where it stands in the text.
Recovered recover_object(const Object& object, const PaidUnits& written, const BrokenText& text,
                         Certainty certainty, Budget& budget)
{
    const PaidUnits& value = find_field(object, "offer")->value;
    const UnitsView offer = value.read();
    if (has_breaks(offer))
        certainty = std::max(certainty, Certainty::unwrapped);
    if (has_stray_field(object, certainty) || may_lack_a_field(object))
        return Defect::altered;
    const auto whole = without_breaks(value, text, certainty, budget);
    if (!whole)
        return Defect::altered;
    const std::string json = "{\"offer\":\"" + *whole + "\",\"nat\":\"" + word_of(object, "nat") +
                             "\",\"fingerprint\":\"" + word_of(object, "fingerprint") + "\"}";
    if (json.size() > most_octets)
        return Defect::altered;
    if (auto request = parse_poll_request(json)) {
        const std::string sdp = sdp_of(*request);
        if (!is_sound_sdp(sdp, certainty))
            return has_other_media(sdp) ? Defect::more_than_data : Defect::altered;
        request->unknown_fields = static_cast<int>(
            std::count_if(object.fields.begin(), object.fields.end(),
                          [](const Field& field) { return !is_of_request(field.name); }));
        if (certainty == Certainty::exact)
            request->link = link_target_of(object, written, text, budget);
        return std::move(*request);
    }
    const bool is_whole = is_json_object(json) && is_json_object(joined(unescaped(offer)));
    return is_whole ? Defect::malformed : Defect::altered;
}

// Whether an offer's JSON breaks off, even before its session description.
bool is_cut_offer(const Object& object, const Field& offer)
{
    if (object.closed)
        return false;
    const UnitsView value = offer.value.read();
    const auto start = std::find_if_not(value.begin(), value.end(), is_space);
    return start != value.end() && *start == '{' && value.find(U'\\') != UnitsView::npos;
}

// How the session description in the text begins, where a person would say that it is one; "" else.
// RFC 3834 2: there is no error reply to what isn't recognisably a request.
// It may be in percent-encoding or quoted-printable still, above an object that is not.
std::string opening_of(const PaidUnits& text)
{
    auto start = PaidUnits::npos;
    for (const UnitsView version : {U"v=0", U"v=3D0", U"v%3D0", U"v%253D0"})
        start = start == PaidUnits::npos ? text.find(version) : start;
    constexpr std::array<UnitsView, 6> signs = {U"ice-ufrag", U"candidate:", U"candidate%",
                                                U"IN IP",     U"IN+IP",      U"IN%20IP"};
    const bool is_description =
        start != PaidUnits::npos && std::any_of(signs.begin(), signs.end(), [&](UnitsView sign) {
            return text.find(sign) != PaidUnits::npos;
        });
    if (!is_description)
        return "";
    const UnitsView opening = text.part(start, longest_opening).read();
    return joined(opening.substr(0, opening.find(char32_t(mark::left_out_line))));
}

std::optional<DamagedRequest> damaged_request(const PaidUnits& text, const Object& object,
                                              const Field& offer, Defect defect)
{
    if (std::string opening = opening_of(text); !opening.empty())
        return DamagedRequest{defect, std::move(opening)};
    if (is_cut_offer(object, offer))
        return DamagedRequest{Defect::truncated,
                              joined(offer.value.part(0, longest_opening).read())};
    return std::nullopt;
}

// Whether the line before an object says a message version that isn't 1.0. None at all is fine.
bool has_other_version(const PaidUnits& before)
{
    constexpr std::size_t longest = 5;
    std::size_t end = before.size();
    while (end > 0 && is_space(before.at(end - 1)))
        --end;
    const std::size_t most = std::min(end, longest + 1);
    UnitsView version = before.part(end - most, most).read();
    const auto other = version.find_last_not_of(U".0123456789");
    const bool stands_alone = other == UnitsView::npos || is_break(version[other]);
    version.remove_prefix(other + 1); // npos + 1 is 0
    return stands_alone && version.size() >= 3 && version.size() <= longest &&
           version.find(U'.') != UnitsView::npos && version != U"1.0";
}

std::optional<PollResponse> recover_answer(const Object& object, const Field& answer,
                                           const BrokenText& text, Certainty certainty,
                                           Budget& budget)
{
    if (!object.closed || has_stray_field(object, certainty) || !word_of(object, "error").empty())
        return std::nullopt;
    const auto whole = without_breaks(answer.value, text, certainty, budget);
    if (!whole || whole->size() > most_octets)
        return std::nullopt;
    auto response = parse_poll_response("{\"answer\":\"" + *whole + "\"}");
    if (!response || !is_sound_sdp(sdp_of(*response), certainty))
        return std::nullopt;
    return response;
}

// Words for a person: each break in them stood for a blank.
std::optional<PollResponse> recover_error(const Field& error)
{
    Blanks all;
    for (const char32_t unit : error.value.read())
        if (is_break(unit))
            all.insert(unit);
    const std::string words = joined(error.value.read(), all);
    return words.size() > most_octets ? std::nullopt
                                      : parse_poll_response("{\"error\":\"" + words + "\"}");
}

} // namespace

Finding find_request(std::string_view text, Certainty certainty, Budget& budget)
{
    Finding finding;
    if (!budget.spend(text.size()) || text.find("offer") == std::string_view::npos)
        return finding;
    const BrokenText broken = number_breaks(text);
    const PaidUnits units(broken.units, budget);
    for (std::size_t at = 0; (at = units.find(U"{", at)) != PaidUnits::npos; ++at) {
        std::size_t end = at;
        const Object object = read_object(units, at, end);
        const Field* offer = find_field(object, "offer");
        if (!offer || !offer->is_string)
            continue;
        if (has_other_version(units.part(0, at))) {
            finding.has_unsupported_version |= !opening_of(units.part(at, end - at)).empty();
            continue;
        }
        Recovered found = object.truncated ? Defect::truncated : Defect::altered;
        if ((object.closed || lacks_only_its_brace(object)) && budget.spend(parsing_cost(end - at)))
            found = recover_object(object, units.part(at, end - at), broken, certainty, budget);
        auto* request = std::get_if<PollRequest>(&found); // borrowed
        // What stands before a request may be one that can't be read; so may this object.
        if (!finding.damaged) {
            const PaidUnits rest =
                request ? units.part(0, at)
                        : units.part(at, units.find(U"\"offer\"", offer->start) - at);
            auto damaged = damaged_request(rest, object, *offer,
                                           request ? Defect::altered : std::get<Defect>(found));
            if (!budget.is_spent())
                finding.damaged = std::move(damaged);
        }
        if (budget.is_spent())
            return finding; // what was read may have been cut there
        if (request) {
            finding.request = std::move(*request);
            return finding;
        }
    }
    return finding;
}

Finding find_response(std::string_view text, Certainty certainty, Budget& budget)
{
    Finding finding;
    if (!budget.spend(text.size()))
        return finding;
    const BrokenText broken = number_breaks(text);
    const PaidUnits units(broken.units, budget);
    for (std::size_t at = 0; (at = units.find(U"{", at)) != PaidUnits::npos; ++at) {
        std::size_t end = at;
        const Object object = read_object(units, at, end);
        const Field *answer = find_field(object, "answer"), *error = find_field(object, "error");
        if (!budget.spend(parsing_cost(end - at)))
            return finding;                // what was read may have been cut there
        if (answer && answer->is_string) { // the first one is the one; a reply has no other
            const Defect defect = object.truncated ? Defect::truncated : Defect::altered;
            auto response = recover_answer(object, *answer, broken, certainty, budget);
            auto damaged = damaged_request(units.part(at, end - at), object, *answer, defect);
            if (budget.is_spent())
                return finding;
            if (response)
                finding.response = std::move(response);
            else
                finding.damaged = std::move(damaged);
            return finding;
        }
        if (error && error->is_string && object.closed &&
            (finding.response = recover_error(*error)))
            return finding;
    }
    return finding;
}
