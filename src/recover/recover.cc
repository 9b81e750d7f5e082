#include "recover/recover.hh"

#include "recover/find.hh"
#include "recover/meant.hh"
#include "recover/versions.hh"

namespace {

constexpr std::size_t whole_budget = 24'000'000; // characters looked at: some 0.2 s

using Find = Finding(std::string_view text, Certainty certainty, Budget& budget);

// What is meant in one text, at one quote depth.
std::optional<Finding> recover_from(Versions& versions, Find find, MeantRequest& meant,
                                    Budget& budget)
{
    while (const auto version = versions.next()) {
        Finding finding = find(version->text, version->certainty, budget);
        if (meant.see(version->text, finding))
            return finding;
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

// What is meant in all of them. `meant` then knows why there is none.
std::optional<Finding> recover(const std::vector<Text>& texts, Find find, MeantRequest& meant)
{
    constexpr int any_depth = 1000;
    Budget budget(whole_budget);
    for (const Text::Place place : {Text::Place::written, Text::Place::attached_mail}) {
        std::vector<const Text*> left = texts_in(place, texts);
        for (const int quote_depth : {0, 1, 2, 3, any_depth}) {
            std::vector<const Text*> deeper;
            for (const Text* text : left) {
                Versions versions(*text, quote_depth, budget);
                if (auto found = recover_from(versions, find, meant, budget))
                    return found;
                if (versions.has_deeper_lines())
                    deeper.push_back(text);
            }
            left = std::move(deeper);
            if (!meant.go_deeper())
                return std::nullopt;
        }
    }
    return std::nullopt;
}

} // namespace

Recovery recover_request(const std::vector<Text>& texts)
{
    MeantRequest meant;
    if (auto found = recover(texts, find_request, meant))
        return std::move(*found->request);
    if (const auto defect = meant.defect())
        return *defect;
    return NoRequest();
}

RecoveredResponse recover_response(const std::vector<Text>& texts)
{
    MeantRequest meant;
    if (auto found = recover(texts, find_response, meant))
        return std::move(*found->response);
    if (const auto defect = meant.defect())
        return *defect;
    return NoResponse();
}
