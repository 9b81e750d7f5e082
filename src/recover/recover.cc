#include "recover/recover.hh"

#include "recover/find.hh"
#include "recover/meant.hh"
#include "recover/versions.hh"

namespace {

constexpr std::size_t whole_budget = 24'000'000; // characters looked at: some 0.2 s

// The meant request in one text, at one quote depth.
std::optional<PollRequest> recover_from(Versions& versions, MeantRequest& meant, Budget& budget)
{
    while (const auto version = versions.next()) {
        const Finding finding = find_request(version->text, version->certainty, budget);
        if (meant.see(version->text, finding))
            return finding.request;
        versions.repair(*version);
    }
    return std::nullopt;
}

std::vector<const Text*> texts_in(Text::Place place, const std::vector<Text>& texts)
{
    std::vector<const Text*> found; // borrowed
    for (const Text& text : texts)
        if (text.place == place)
            found.push_back(&text);
    return found;
}

Recovery without_request(const MeantRequest& meant)
{
    if (const auto defect = meant.defect())
        return *defect;
    return NoRequest();
}

} // namespace

Recovery recover_request(const std::vector<Text>& texts)
{
    constexpr int any_depth = 1000;
    Budget budget(whole_budget);
    MeantRequest meant;
    for (const Text::Place place : {Text::Place::written, Text::Place::attached_mail}) {
        std::vector<const Text*> left = texts_in(place, texts);
        for (const int quote_depth : {0, 1, 2, 3, any_depth}) {
            std::vector<const Text*> deeper;
            for (const Text* text : left) {
                Versions versions(*text, quote_depth, budget);
                if (const auto request = recover_from(versions, meant, budget))
                    return *request;
                if (versions.has_deeper_lines())
                    deeper.push_back(text);
            }
            left = std::move(deeper);
            if (!meant.go_deeper())
                return without_request(meant);
        }
    }
    return without_request(meant);
}
