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
PaidUnits without_outer_breaks(const PaidUnits& line)
{
    const UnitsView units = line.read();
    std::size_t start = 0, end = units.size();
    while (start < end && (is_break(units[end - 1]) || units[end - 1] == '\r'))
        --end;
    while (start < end && is_break(units[start]))
        ++start;
    return line.part(start, end - start);
}

class Decider {
  public:
    Decider(const BrokenText& text, std::string_view origin, Budget& budget)
        : text_(text), origin_(origin), budget_(budget)
    {
    }

    std::optional<Blanks> decide(const PaidUnits& sdp)
    {
        std::vector<PaidUnits> ambiguous;
        for (std::size_t start = 0; start < sdp.size();) {
            const auto end = std::min(sdp.find(U"\n", start), sdp.size());
            const PaidUnits line = without_outer_breaks(sdp.part(start, end - start));
            start = end + 1;
            const std::vector<Blanks> known = known_decisions(line);
            if (known.empty())
                return std::nullopt;
            if (known.size() > 1)
                ambiguous.push_back(line);
            else
                keep(line, known.front());
        }
        for (const PaidUnits& line : ambiguous)
            if (!decide_as_others(line))
                return std::nullopt;
        if (budget_.is_spent())
            return std::nullopt;
        return decided_;
    }

  private:
    // How a break is written. It may be long.
    std::string_view written(char32_t unit)
    {
        const std::string_view blanks = text_.text_of(unit);
        return budget_.spend(blanks.size()) ? blanks : "";
    }

    void keep(const PaidUnits& line, const Blanks& blanks)
    {
        for (const char32_t unit : line.read()) {
            if (!is_break(unit))
                continue;
            habits_[written(unit)].insert(blanks.contains(unit));
            if (is_line_end(unit) && !blanks.contains(unit))
                widths_.insert(text_.length_of_line_before(unit));
        }
        decided_.insert(blanks.begin(), blanks.end());
    }

    // Up to two decisions that make a known line; of a line without breaks its only one. In a line
    // of many breaks those that are written alike stood for the same.
    std::vector<Blanks> known_decisions(const PaidUnits& line)
    {
        // A known line has a thousand letters at most (sdp.cc), and a break beside each.
        constexpr std::size_t longest_line = 2000, most_open = 10;
        const UnitsView units = line.read();
        if (!has_breaks(units))
            return {{}};
        if (units.size() > longest_line)
            return {};
        Blanks sure;
        std::vector<std::vector<char32_t>> open; // each decided about as one
        std::map<std::string_view, std::vector<char32_t>> alike;
        for (const char32_t unit : units) {
            if (!is_break(unit))
                continue;
            const std::string_view blanks = written(unit);
            if (is_surely_blank(blanks)) {
                sure.insert(unit);
            } else {
                open.push_back({unit});
                alike[blanks].push_back(unit);
            }
        }
        if (open.size() > most_open) {
            open.clear();
            for (const auto& [text, same] : alike)
                open.push_back(same);
        }
        if (open.size() > most_open)
            return {};
        std::vector<Blanks> known;
        for (unsigned decision = 0; decision < 1U << open.size() && known.size() < 2; ++decision) {
            if (line.read(closely).empty()) // the budget is spent
                return {};
            Blanks blanks = sure;
            for (std::size_t i = 0; i < open.size(); ++i)
                if ((decision >> i & 1) != 0)
                    blanks.insert(open[i].begin(), open[i].end());
            if (is_known_sdp_line(joined(units, blanks), origin_))
                known.push_back(std::move(blanks));
        }
        return known;
    }

    // Whether a break is a line end of the text itself. Only then it is cheap to measure its line.
    bool is_line_end(char32_t unit) { return written(unit).starts_with('\n'); }

    // What wrapped the text did so in one way everywhere: a break stood for what the others stood
    // for that are written like it. But a terminal folds at one width, and what copies from it may
    // strip the blank at a line's end: such a line is one shorter than all others.
    bool decide_as_others(const PaidUnits& line)
    {
        const UnitsView units = line.read(closely);
        Blanks blanks;
        for (const char32_t unit : units) {
            if (!is_break(unit))
                continue;
            const auto habit = habits_.find(written(unit));
            if (habit == habits_.end() || habit->second.size() != 1)
                return false;
            const std::size_t width = is_line_end(unit) ? text_.length_of_line_before(unit) : 0;
            const bool is_shorter = width > 0 && !widths_.empty() && width < *widths_.rbegin();
            const bool lost_a_blank =
                is_shorter && widths_.size() == 1 && width + 1 == *widths_.begin();
            if (*habit->second.begin() || lost_a_blank)
                blanks.insert(unit);
            else if (is_shorter)
                return false;
        }
        decided_.insert(blanks.begin(), blanks.end());
        return is_known_sdp_line(joined(units, blanks), origin_);
    }

    static constexpr std::size_t closely = 20; // what it costs to hold a line against the grammar

    const BrokenText& text_;  // borrowed
    std::string_view origin_; // borrowed
    Budget& budget_;          // borrowed
    Blanks decided_;
    // By how a break is written, whether such ones stood for a blank.
    std::map<std::string_view, std::set<bool>> habits_;
    std::set<std::size_t> widths_; // of the lines whose end stood for nothing
};

} // namespace

std::optional<Blanks> decide_breaks(const BrokenText& text, const PaidUnits& sdp,
                                    std::string_view origin, Budget& budget)
{
    return Decider(text, origin, budget).decide(sdp);
}
