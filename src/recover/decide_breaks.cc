#include "recover/decide_breaks.hh"

#include "marks.hh"
#include "recover/sdp.hh"

#include <algorithm>
#include <map>
#include <vector>

namespace {

// A tab, or a few blanks: nobody wraps with those. More may be the indentation of a line that was
// joined to the one before.
bool is_surely_blank(std::string_view text)
{
    constexpr std::size_t most_blanks = 3;
    return text.size() <= most_blanks && text.find_first_not_of(" \t") == text.npos;
}

// A break at either end of a line stood for nothing: no line begins or ends with a blank.
UnitsView without_outer_breaks(UnitsView line)
{
    while (!line.empty() && (is_break(line.back()) || line.back() == '\r'))
        line.remove_suffix(1);
    while (!line.empty() && is_break(line.front()))
        line.remove_prefix(1);
    return line;
}

class Decider {
  public:
    Decider(const BrokenText& text, std::string_view origin, Budget& budget)
        : text_(text), origin_(origin), budget_(budget)
    {
    }

    std::optional<Blanks> decide(UnitsView sdp)
    {
        std::vector<UnitsView> ambiguous;
        for (std::size_t start = 0; start < sdp.size();) {
            const auto end = std::min(sdp.find(U'\n', start), sdp.size());
            const UnitsView line = without_outer_breaks(sdp.substr(start, end - start));
            start = end + 1;
            const std::vector<Blanks> known = known_decisions(line);
            if (known.empty())
                return std::nullopt;
            if (known.size() > 1)
                ambiguous.push_back(line);
            else
                keep(line, known.front());
        }
        for (const UnitsView line : ambiguous)
            if (!decide_as_others(line))
                return std::nullopt;
        return decided_;
    }

  private:
    bool is_known(UnitsView line, const Blanks& blanks)
    {
        constexpr std::size_t cost = 20; // of looking at a letter so closely
        return budget_.spend(cost * line.size()) &&
               is_known_sdp_line(joined(line, blanks), origin_);
    }

    void keep(UnitsView line, const Blanks& blanks)
    {
        for (const char32_t unit : line)
            if (is_break(unit))
                habits_[text_.text_of(unit)].insert(blanks.contains(unit));
        decided_.insert(blanks.begin(), blanks.end());
    }

    // Up to two decisions that make a known line; of a line without breaks its only one. In a line
    // of many breaks those that are written alike stood for the same.
    std::vector<Blanks> known_decisions(UnitsView line)
    {
        constexpr std::size_t most_open = 10;
        Blanks sure;
        std::vector<std::vector<char32_t>> open; // each decided about as one
        std::map<std::string_view, std::vector<char32_t>> alike;
        for (const char32_t unit : line) {
            if (!is_break(unit))
                continue;
            if (is_surely_blank(text_.text_of(unit))) {
                sure.insert(unit);
            } else {
                open.push_back({unit});
                alike[text_.text_of(unit)].push_back(unit);
            }
        }
        if (open.empty() && sure.empty())
            return {{}};
        if (open.size() > most_open) {
            open.clear();
            for (const auto& [text, same] : alike)
                open.push_back(same);
        }
        if (open.size() > most_open)
            return {};
        std::vector<Blanks> known;
        for (unsigned decision = 0; decision < 1U << open.size() && known.size() < 2; ++decision) {
            Blanks blanks = sure;
            for (std::size_t i = 0; i < open.size(); ++i)
                if ((decision >> i & 1) != 0)
                    blanks.insert(open[i].begin(), open[i].end());
            if (is_known(line, blanks))
                known.push_back(blanks);
        }
        return known;
    }

    // What wrapped the text did so in one way everywhere: a break stood for what the others stood
    // for that are written like it.
    bool decide_as_others(UnitsView line)
    {
        Blanks blanks;
        for (const char32_t unit : line) {
            if (!is_break(unit))
                continue;
            const auto habit = habits_.find(text_.text_of(unit));
            if (habit == habits_.end() || habit->second.size() != 1)
                return false;
            if (*habit->second.begin())
                blanks.insert(unit);
        }
        decided_.insert(blanks.begin(), blanks.end());
        return is_known(line, blanks);
    }

    const BrokenText& text_;  // borrowed
    std::string_view origin_; // borrowed
    Budget& budget_;          // borrowed
    Blanks decided_;
    // By how a break is written, whether such ones stood for a blank.
    std::map<std::string_view, std::set<bool>> habits_;
};

} // namespace

std::optional<Blanks> decide_breaks(const BrokenText& text, UnitsView sdp, std::string_view origin,
                                    Budget& budget)
{
    return Decider(text, origin, budget).decide(sdp);
}
