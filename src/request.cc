#include "request.hh"

#include "html.hh"
#include "repair.hh"

#include <algorithm>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <unordered_set>

namespace {

constexpr std::size_t whole_budget = 48'000'000; // characters looked at: some 0.3 s
constexpr std::size_t most_texts = 60;           // tried for one text of the mail
constexpr int most_repairs = 5;                  // on top of each other
constexpr std::size_t most_waiting = 6'000'000;  // octets of texts still to be tried

// A text, or what it may have been before `depth` kinds of damage.
struct Reading {
    std::string text;
    Origin origin;
    int depth;
};

// Breadth first: the fewest repairs that make a request of it.
Extraction search_readings(std::string text, Budget& budget)
{
    Extraction result;
    std::unordered_set<std::size_t> seen{std::hash<std::string>()(text)};
    std::deque<Reading> waiting;
    waiting.push_back({std::move(text), Origin::exact, 0});
    std::size_t waiting_octets = 0;
    for (std::size_t tried = 0; !waiting.empty() && tried < most_texts && !budget.is_spent(); ++tried) {
        const Reading reading = std::move(waiting.front());
        waiting.pop_front();
        waiting_octets -= tried > 0 ? reading.text.size() : 0;
        Extraction extraction = extract_request(reading.text, reading.origin, budget);
        if (extraction.request || extraction.damage == Damage::invalid)
            return extraction;
        if (result.damage == Damage::none) // with fewer repairs, more likely the truth
            result.damage = extraction.damage;
        for (const Repair& repair : repairs()) {
            if (reading.depth == most_repairs || !budget.spend(reading.text.size()))
                break;
            for (std::string& undone : repair.undo(reading.text))
                if (waiting_octets + undone.size() < most_waiting && seen.insert(std::hash<std::string>()(undone)).second) {
                    waiting_octets += undone.size();
                    waiting.push_back({std::move(undone), std::max(reading.origin, repair.origin), reading.depth + 1});
                }
        }
    }
    return result;
}

} // namespace

Search find_request(const std::vector<Text>& texts)
{
    Budget budget(whole_budget);
    Damage damage = Damage::none;
    const auto search = [&](const Text& text, std::string (*lines)(std::string_view)) {
        // A line break in the source of HTML is a blank; a gateway that wraps the source puts some inside words.
        for (const SourceBreaks breaks : {SourceBreaks::blank, SourceBreaks::newline}) {
            if (!text.html && breaks == SourceBreaks::newline)
                break;
            Extraction extraction = search_readings(lines(text.html ? html_to_text(text.text, breaks) : text.text), budget);
            if (extraction.request)
                return extraction.request;
            if (damage == Damage::none)
                damage = extraction.damage;
        }
        return std::optional<PollRequest>();
    };
    for (const Text::Place place : {Text::Place::written, Text::Place::attached_mail})
        for (const auto lines : {own_lines, unquoted_lines})
            for (const Text& text : texts)
                if (text.place == place)
                    if (auto request = search(text, lines))
                        return *request;
    if (damage == Damage::altered || damage == Damage::truncated)
        return damage;
    return std::monostate();
}
