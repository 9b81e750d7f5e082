#include "handle.hh"
#include "mail.hh"
#include "recover/find.hh"
#include "recover/quote.hh"
#include "recover/recover.hh"
#include "recover/repairs.hh"

#include <algorithm>
#include <doctest/doctest.h>
#include <fstream>

namespace {

// The indented texts below the heading in the README, without their indentation.
std::vector<std::string> stages()
{
    std::ifstream file("src/recover/README");
    std::vector<std::string> texts;
    bool is_here = false, in_text = false;
    for (std::string line; std::getline(file, line);) {
        is_here = (is_here || line.starts_with("One damaged request")) && line != "To add a repair";
        if (!is_here || !line.starts_with("    ")) {
            in_text = false;
            continue;
        }
        if (!in_text)
            texts.emplace_back();
        in_text = true;
        texts.back() += line.substr(4) + '\n';
    }
    return texts;
}

std::string repaired(const std::string& name, const std::string& text)
{
    Budget budget(1'000'000);
    for (const Repair& repair : repairs())
        if (const Strings made = repair.apply(text, budget); repair.name() == name && !made.empty())
            return made.front();
    return "";
}

// The lines of a session description, each with LF.
std::string lines_of(std::string sdp)
{
    std::erase(sdp, '\r');
    return sdp;
}

} // namespace

TEST_CASE("the README's damaged request goes through its stages as they stand there")
{
    const auto texts = stages();
    REQUIRE(texts.size() == 6);
    const std::string &mail = texts[0], &not_quoted = texts[1], &as_it_came = texts[2],
                      &plain = texts[3], &without_link = texts[4], &lines = texts[5];

    std::string shown = unquoted(mail, 0);
    std::replace(shown.begin(), shown.end(), '\x01', '#');
    CHECK(shown == not_quoted);
    CHECK(unquoted(mail, 1) == as_it_came);
    CHECK(repaired("typography", as_it_came) == plain);
    CHECK(repaired("links", plain) == without_link);

    Budget budget(10'000'000);
    CHECK_FALSE(find_request(as_it_came, Certainty::exact, budget).damaged);
    const Finding damaged = find_request(plain, Certainty::exact, budget);
    CHECK_FALSE(damaged.request);
    REQUIRE(damaged.damaged);
    CHECK(damaged.damaged->defect == Defect::altered);
    const Finding finding = find_request(without_link, Certainty::guessed, budget);
    REQUIRE(finding.request);
    CHECK(lines_of(sdp_of(*finding.request)) == lines);

    const Recovery recovery = recover_request({{mail, false, Text::Place::written}});
    REQUIRE(std::holds_alternative<PollRequest>(recovery));
    CHECK(std::get<PollRequest>(recovery) == *finding.request);
}

TEST_CASE("a guess stays one: base64 below line numbers has no attribute that nobody knows")
{
    // The same request, once as a client of today makes it, once with a new attribute.
    const std::string lines = stages().at(5);
    for (const std::string more : {"", "a=x-unheard-of:1\n"}) {
        std::string sdp;
        for (const char c : lines + more)
            sdp += c == '\n' ? "\\\\r\\\\n" : std::string(1, c);
        const std::string request =
            R"({"offer":"{\"type\":\"offer\",\"sdp\":\")" + sdp + R"(\"}"})";
        const auto base64 = [&](std::string text) {
            const GString8 encoded(
                g_base64_encode(reinterpret_cast<const guchar*>(text.data()), text.size()));
            return std::string(encoded.get());
        };
        std::string numbered;
        const std::string encoded = base64("1.0\n" + request);
        for (std::size_t at = 0, number = 1; at < encoded.size(); at += 60, ++number)
            numbered += std::to_string(number) + ": " + encoded.substr(at, 60) + "\n";
        const auto is_recovered = [](const std::string& text) {
            return std::holds_alternative<PollRequest>(
                recover_request({{text, false, Text::Place::written}}));
        };
        CAPTURE(more);
        CHECK(is_recovered(encoded));
        CHECK(is_recovered(numbered) == more.empty());
    }
}

TEST_CASE("control characters in a request are dropped, U+0001 and form feed among them")
{
    for (const std::string control : {"\x01", "\f", "\x02", "\x1f"}) {
        const std::string mail = stages().at(4);
        const auto at = mail.find("a=setup");
        CAPTURE(int(control[0]));
        CHECK(std::holds_alternative<PollRequest>(
            read_mail("Subject: offer\n\n" + mail.substr(0, at) + control + mail.substr(at))
                .request));
    }
}
