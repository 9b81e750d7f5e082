#include "recover/mender.hh"

#include "recover/sdp.hh"

#include <algorithm>

namespace {

// A tab, or some blanks: what nobody wraps with. More may be the indentation of a line that was
// joined to the one before.
bool is_surely_blank(std::string_view text)
{
    constexpr std::size_t most_blanks = 3;
    return text.size() <= most_blanks && text.find_first_of("\n\v\r") == text.npos;
}

} // namespace

bool Mender::mend(UnitsView sdp)
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
    return std::all_of(ambiguous.begin(), ambiguous.end(),
                       [&](UnitsView line) { return mend_as_others(line); });
}

bool Mender::is_known(UnitsView line, const Readings& chosen)
{
    constexpr std::size_t cost = 20; // of looking at a letter so closely
    return budget_.spend(cost * line.size()) && is_known_sdp_line(joined(line, chosen), origin_);
}

void Mender::decide(UnitsView line, const Readings& chosen)
{
    for (const char32_t unit : line)
        if (is_break(unit))
            habits_[text_of(unit, text_, breaks_)].insert(chosen.contains(unit));
    readings_.insert(chosen.begin(), chosen.end());
}

// Up to two; of a line without breaks its only one. In a line of many breaks those that are written
// alike stood for the same.
std::vector<Readings> Mender::fitting_readings(UnitsView line)
{
    constexpr std::size_t most_choices = 10;
    Readings blanks;
    std::vector<std::vector<char32_t>> choices;
    std::map<std::string_view, std::vector<char32_t>> alike;
    for (const char32_t unit : line) {
        if (!is_break(unit))
            continue;
        if (const std::string_view text = text_of(unit, text_, breaks_); is_surely_blank(text)) {
            blanks.insert(unit);
        } else {
            choices.push_back({unit});
            alike[text].push_back(unit);
        }
    }
    if (choices.empty() && blanks.empty())
        return {{}};
    if (choices.size() > most_choices) {
        choices.clear();
        for (const auto& [text, same] : alike)
            choices.push_back(same);
    }
    std::vector<Readings> fitting;
    for (unsigned choice = 0;
         choices.size() <= most_choices && choice < 1U << choices.size() && fitting.size() < 2;
         ++choice) {
        Readings chosen = blanks;
        for (std::size_t i = 0; i < choices.size(); ++i)
            if ((choice >> i & 1) != 0)
                chosen.insert(choices[i].begin(), choices[i].end());
        if (is_known(line, chosen))
            fitting.push_back(chosen);
    }
    return fitting;
}

// What did the damage did the same everywhere: a break is read as those are that are written like
// it.
bool Mender::mend_as_others(UnitsView line)
{
    Readings chosen;
    for (const char32_t unit : line) {
        if (!is_break(unit))
            continue;
        const auto habit = habits_.find(text_of(unit, text_, breaks_));
        if (habit == habits_.end() || habit->second.size() != 1)
            return false;
        if (*habit->second.begin())
            chosen.insert(unit);
    }
    readings_.insert(chosen.begin(), chosen.end());
    return is_known(line, chosen);
}
