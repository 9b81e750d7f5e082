#include "recover/recover.hh"

#include "recover/encoding.hh"
#include "recover/extract.hh"
#include "recover/quote.hh"
#include "recover/repair.hh"

#include <algorithm>
#include <array>
#include <deque>
#include <functional>
#include <glib.h>
#include <string>
#include <unordered_set>

namespace {

constexpr std::size_t whole_budget = 24'000'000; // characters looked at: some 0.2 s
constexpr std::size_t most_texts = 60;           // tried for one text of the mail
constexpr int most_repairs = 5;                  // on top of each other
constexpr std::size_t most_waiting = 6'000'000;  // octets of texts still to be tried

constexpr std::array base64_starts = {"MS4wCnsi", "MS4wDQp7", "eyJvZmZl",
                                      "eyAib2Zm"}; // 1.0 and a brace, a brace and "offer"

// A text, or what it may have been before `depth` kinds of damage.
struct Reading {
    std::string text;
    Origin origin;
    int depth;
};

// Letters and digits, without the line ends' escapes.
std::string letters_of(std::string_view text)
{
    std::string letters;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (g_ascii_isalnum(text[i]) &&
            !(i > 0 && text[i - 1] == '\\' && (text[i] == 'r' || text[i] == 'n')))
            letters += text[i];
    return letters;
}

// Whether the damaged text that begins so may have been this request: o= has the session's number
// (RFC 8866 5.2).
bool may_be(const std::string& opening, const PollRequest& request)
{
    const std::string letters = letters_of(opening), sdp = sdp_of(request);
    if (letters.find("IN") == std::string::npos) // cut off before that
        return !letters.empty() &&
               letters_of(opening.starts_with('{') ? request.offer : sdp).starts_with(letters);
    const auto number = sdp.find(' ', sdp.find("o=")) + 1;
    return letters.find(sdp.substr(number, sdp.find(' ', number) - number)) != std::string::npos;
}

// Whether a request begins in the text, whatever became of it: a brace, "offer" and a colon, a
// session description, base64 of either.
bool begins_request(std::string_view text)
{
    constexpr std::size_t most_marks =
        16; // between brace and name: quotation marks of any kind, a line break
    constexpr std::string_view name = "offer";
    for (std::size_t at = 0; (at = text.find('{', at)) != text.npos; ++at) {
        const std::string_view marks = text.substr(at + 1, most_marks);
        const auto letter =
            std::find_if(marks.begin(), marks.end(), [](char c) { return g_ascii_isalpha(c); });
        const std::string_view word =
            text.substr(at + 1 + static_cast<std::size_t>(letter - marks.begin()), name.size());
        const std::string_view behind =
            text.substr(std::min(text.size(),
                                 static_cast<std::size_t>(word.data() - text.data()) + word.size()),
                        most_marks);
        const bool is_name = std::equal(word.begin(), word.end(), name.begin(), name.end(),
                                        [](char c, char n) { return g_ascii_tolower(c) == n; });
        if (const auto colon = behind.find(':');
            is_name && colon != behind.npos &&
            std::none_of(behind.begin(), behind.begin() + static_cast<std::ptrdiff_t>(colon),
                         [](char c) { return g_ascii_isalnum(c); }))
            return true;
    }
    for (std::size_t at = 0; (at = text.find("v=0", at)) != text.npos; ++at)
        if (at + 3 == text.size() ||
            std::string_view("\\/\r\n ").find(text[at + 3]) != std::string_view::npos ||
            text.substr(at + 3).starts_with("rn"))
            return true;
    return std::any_of(base64_starts.begin(), base64_starts.end(),
                       [&](std::string_view start) { return contains(text, start); });
}

// The search through one mail. An older request, that is quoted below, doesn't stand in for a new
// one that can't be read.
class Searcher {
  public:
    // Breadth first: the fewest repairs that make a request of it. `has_more`: lines that are
    // quoted deeper were left out.
    std::optional<PollRequest> search(const Text& text, int quote_depth, bool& has_more)
    {
        has_more = false;
        std::unordered_set<std::size_t> seen; // texts, by their hash
        std::deque<Reading> waiting;
        std::size_t waiting_octets = 0;
        const auto add = [&](const std::string& changed, Origin origin, int depth) {
            std::string lines = unquoted(changed, quote_depth);
            has_more = has_more || contains(lines, "\x01");
            if (waiting_octets + lines.size() > most_waiting || !budget_.spend(lines.size()) ||
                !seen.insert(std::hash<std::string>()(lines)).second)
                return;
            waiting_octets += lines.size();
            waiting.push_back({std::move(lines), origin, depth});
        };
        for (const std::string& shown : text.html ? undo_html(text.text) : std::vector{text.text})
            add(shown, Origin::exact, 0);
        const std::size_t kept =
            budget_.left() / 4 * 3; // for the other texts, and those that are quoted
        for (std::size_t tried = 0;
             !waiting.empty() && tried < most_texts && (tried == 0 || budget_.left() > kept);
             ++tried) {
            const Reading reading = std::move(waiting.front());
            waiting.pop_front();
            waiting_octets -= reading.text.size();
            has_begun_here_ = has_begun_here_ || begins_request(reading.text);
            Extraction extraction = extract_request(reading.text, reading.origin, budget_);
            if (first_.damage == Damage::none &&
                !has_begun_) // with fewer repairs, more likely the truth
                first_ = extraction;
            if (is_meant(extraction))
                return extraction.request;
            for (const Repair& repair : repairs()) {
                if (reading.depth == most_repairs || !budget_.spend(reading.text.size()))
                    break;
                for (const std::string& undone : repair.undo(reading.text))
                    add(undone, std::max(reading.origin, repair.origin), reading.depth + 1);
            }
        }
        return std::nullopt;
    }

    // What is searched from now on was quoted or attached by whoever wrote what was searched until
    // now. False: none of it can be meant.
    bool go_deeper()
    {
        has_begun_ = has_begun_here_;
        return !has_begun_ || first_.damage != Damage::none;
    }

    Damage damage() const { return first_.damage; }

  private:
    bool is_meant(const Extraction& found) const
    {
        if (!found.request ||
            (found.damage != Damage::none && !may_be(found.opening, *found.request)))
            return false;
        return first_.damage != Damage::none ? may_be(first_.opening, *found.request) : !has_begun_;
    }

    Budget budget_{whole_budget};
    Extraction first_; // that is damaged
    bool has_begun_here_ = false, has_begun_ = false;
};

} // namespace

Recovery recover_request(const std::vector<Text>& texts)
{
    constexpr int any_depth = 1000;
    Searcher searcher;
    for (const Text::Place place : {Text::Place::written, Text::Place::attached_mail}) {
        std::vector<const Text*> left; // borrowed
        for (const Text& text : texts)
            if (text.place == place)
                left.push_back(&text);
        for (const int quote_depth : {0, 1, 2, 3, any_depth}) {
            std::vector<const Text*> deeper;
            for (const Text* text : left) {
                bool has_more = false;
                if (const auto request = searcher.search(*text, quote_depth, has_more))
                    return *request;
                if (has_more)
                    deeper.push_back(text);
            }
            left = std::move(deeper);
            if (!searcher.go_deeper())
                return NoRequest();
        }
    }
    switch (searcher.damage()) {
    case Damage::altered: return Defect::altered;
    case Damage::truncated: return Defect::truncated;
    case Damage::none:
    case Damage::invalid: break;
    }
    return NoRequest();
}
