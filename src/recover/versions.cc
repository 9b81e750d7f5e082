#include "recover/versions.hh"

#include "marks.hh"
#include "recover/markup.hh"
#include "recover/quote.hh"
#include "recover/repairs.hh"

#include <functional>

namespace {

constexpr std::size_t most_versions = 60;
constexpr std::size_t most_waiting = 6'000'000; // octets
constexpr int most_repairs = 5;                 // one on top of the other

} // namespace

Versions::Versions(const Text& text, int quote_depth, Budget& budget)
    : quote_depth_(quote_depth), budget_(budget)
{
    constexpr Repair source("source", Certainty::exact, texts_of_html);
    for (const std::string& shown :
         text.html ? source.apply(text.text, budget) : Strings{text.text})
        add(shown, Certainty::exact, 0);
    kept_ = budget_.left() / 4 * 3;
}

std::optional<Version> Versions::next()
{
    const bool may_look = given_ == 0 || budget_.left() > kept_;
    if (waiting_.empty() || given_ == most_versions || !may_look)
        return std::nullopt;
    ++given_;
    Version version = std::move(waiting_.front());
    waiting_.pop_front();
    waiting_octets_ -= version.text.size();
    return version;
}

void Versions::repair(const Version& version)
{
    if (version.repairs == most_repairs)
        return;
    for (const Repair& repair : repairs())
        for (const std::string& repaired : repair.apply(version.text, budget_))
            add(repaired, std::max(version.certainty, repair.certainty()), version.repairs + 1);
}

void Versions::add(const std::string& text, Certainty certainty, int repairs)
{
    if (!budget_.spend(text.size()))
        return;
    std::string lines = unquoted(text, quote_depth_);
    has_deeper_lines_ = has_deeper_lines_ || lines.find(mark::left_out_line) != std::string::npos;
    if (waiting_octets_ + lines.size() > most_waiting || !budget_.spend(lines.size()) ||
        !seen_.insert(std::hash<std::string>()(lines)).second)
        return;
    waiting_octets_ += lines.size();
    waiting_.push_back({std::move(lines), certainty, repairs});
}
