#include "recover/find.hh"

#include <algorithm>
#include <doctest/doctest.h>

using namespace std::string_literals;

namespace {

const std::string line_end = R"(\\r\\n)";

std::string description(const std::string& more = "")
{
    std::string text = R"({\"sdp\":\")";
    for (const std::string& line :
         {"v=0"s, "o=- 123456789 987654321 IN IP4 0.0.0.0"s, "s=-"s, "t=0 0"s,
          "a=fingerprint:sha-256 12:34"s, "a=group:BUNDLE 0"s,
          "m=application 9 UDP/DTLS/SCTP webrtc-datachannel"s, "c=IN IP4 0.0.0.0"s,
          "a=setup:actpass"s, "a=mid:0"s, "a=sctp-port:5000"s, "a=ice-ufrag:CoVEaiFXRGVzshXG"s,
          "a=ice-pwd:aOrOZXraTfFKzyeBxIXYYKjSgRVPGhUx"s,
          "a=candidate:1000 1 udp 2000 8.8.8.8 3000 typ host"s, more})
        text += line.empty() ? "" : line + line_end;
    return text + R"(\",\"type\":\"offer\"})";
}

std::string request(const std::string& offer = description(),
                    const std::string& rest = R"(,"nat":"unrestricted")")
{
    return R"({"offer":")" + offer + "\"" + rest + "}";
}

std::string changed(std::string text, const std::string& from, const std::string& to)
{
    REQUIRE(text.find(from) != text.npos);
    return text.replace(text.find(from), from.size(), to);
}

Finding find(const std::string& text, Certainty certainty = Certainty::exact)
{
    Budget budget(10'000'000);
    return find_request(text, certainty, budget);
}

// Why the request in the text can't be recovered; none: nothing in it is recognisable as one.
std::optional<Defect> defect(const std::string& text)
{
    const Finding finding = find(text);
    REQUIRE_FALSE(finding.request);
    return finding.damaged ? std::optional(finding.damaged->defect) : std::nullopt;
}

// Whether what is found is the request as it was made.
bool is_restored(const std::string& text, Certainty certainty = Certainty::exact)
{
    auto found = find(text, certainty).request;
    if (found)
        found->unknown_fields = 0;
    return found && *found == parse_poll_request(request());
}

// Broken after each `width` octets.
std::string folded(const std::string& text, std::size_t width, const std::string& separator = "\n")
{
    std::string result;
    for (std::size_t i = 0; i < text.size(); i += width)
        result += (i > 0 ? separator : "") + text.substr(i, width);
    return result;
}

} // namespace

TEST_CASE("a request is found whatever stands around it")
{
    CHECK(is_restored(request()));
    CHECK(is_restored("1.0\n" + request() + "\n"));
    CHECK(is_restored("Hello {you}, \"quotes\" {\"and\":{\"braces\":[1,{}]}} 1.0" + request() +
                      "Sent from my Galaxy {x"));
    CHECK(is_restored("{\"offer\":1}{\"offer\":\"x\"}{\"offers\":\"\"}" + request()));
    CHECK(is_restored("{{{{" + request()));
}

TEST_CASE("a version other than 1.0 is not ours; a number in the text is none")
{
    CHECK_FALSE(is_restored("1.1\n" + request()));
    CHECK_FALSE(is_restored("Hello\n2.0\n\n" + request()));
    CHECK(is_restored("Hello, version 2.0: " + request()));
    CHECK(is_restored("1\n" + request()));
}

TEST_CASE(
    "fields in any order, pretty-printed, with a comma too many, are read; what is unknown is "
    "left out")
{
    const std::string nat = R"("nat" : "unrestricted")",
                      offer = "\"offer\":\"" + description() + "\"";
    CHECK(is_restored("{\n  " + nat + ",\n  " + offer + "\n}"));
    const std::string all =
        offer + "," + nat + R"(,"fingerprint":"2B280B23E1107BB62ABFC40DDCC8824814F80A72")";
    CHECK(find("{" + all + ",\n}").request == parse_poll_request("{" + all + "}"));
    CHECK_FALSE(find("{" + offer + "," + nat + ",\n}").request); // what came behind it may be lost
    CHECK(is_restored("{" + nat + R"(,"x":[1,{"y":"}"}],"z":null,)" + offer + "}"));
    CHECK(is_restored(changed(request(), "\"offer\"", R"("\u006fffer")")));
}

TEST_CASE("RFC 8259 4: a name that stands twice has no meaning that everybody shares")
{
    CHECK_FALSE(find(request(description(), R"(,"nat":"unknown","nat":"restricted")")).request);
    CHECK_FALSE(find("{\"offer\":\"x\"," + request().substr(1)).request);
}

TEST_CASE("a value whose name was damaged isn't dropped in silence")
{
    CHECK_FALSE(find(request(description(), R"(,"nt":"restricted")")).request);
    CHECK_FALSE(
        find(request(description(), R"(,"fingerprnt":"2B280B23E1107BB62ABFC40DDCC8824814F80A72")"))
            .request);
    CHECK(find(request(description(), R"(,"client":"restricted access")")).request);
}

TEST_CASE("a link counts where its object is closed and needed no repair; else there is none")
{
    constexpr auto* fields =
        R"(,"nat":"unrestricted","fingerprint":"2B280B23E1107BB62ABFC40DDCC8824814F80A72")";
    const auto link_of = [](const std::string& text, Certainty certainty = Certainty::exact) {
        const auto found = find(text, certainty).request;
        REQUIRE(found);
        CHECK(found->unknown_fields == 0);
        return found->link;
    };
    const std::string text = request(description(), fields + R"(,"link":41234)"s);
    REQUIRE(link_of(text) == LinkTarget(41234));
    CHECK(link_of("1.0\n" + text + "\n") == LinkTarget(41234));
    CHECK(link_of("Hello {\"link\":1}" + text + " bye") == LinkTarget(41234));
    CHECK(link_of(changed(text, "41234", "\"page\"")) == LinkTarget::page);
    CHECK(link_of("{\n\t\"link\" : 41234 ,\n\v " + text.substr(1, text.size() - 15) + "}") ==
          LinkTarget(41234)); // pretty-printed
    // Without the others, and before them.
    CHECK(link_of(request(description(), R"(,"link":41234)")) == LinkTarget(41234));
    CHECK(link_of("{\"link\":41234," + request().substr(1)) == LinkTarget(41234));

    for (std::size_t cut = 1; cut <= R"(,"link":41234})"s.size(); ++cut) {
        CAPTURE(cut);
        CHECK(link_of(text.substr(0, text.size() - cut)) == LinkTarget::none);
        CHECK(link_of(text.substr(0, text.size() - cut) + "\n\nBye.") == LinkTarget::none);
    }
    CHECK(link_of(text, Certainty::guessed) == LinkTarget::none);
    CHECK(link_of(text, Certainty::unwrapped) == LinkTarget::none);
    CHECK(link_of(changed(text, "t=0 0", "t=0\n0")) == LinkTarget::none); // wrapped
    for (const auto& [from, to] : {std::pair{"41234", "41\n234"},
                                   {"41234", "41 234"},
                                   {"41234", "412\n34"},
                                   {"41234", "41234,"},
                                   {"41234", "41234]"},
                                   {"41234", "41234,\"link\":41235"},
                                   {"41234", "\"restricted\""},
                                   {"41234", "\"41234\""},
                                   {"41234", "\"http://example.org:41234/\""},
                                   {"41234", "{\"port\":41234}"},
                                   {"41234", "[41234]"},
                                   {"41234", "80"},
                                   {"41234", "null"},
                                   {"41234", "\"pa\nge\""},
                                   {"41234", "\"pa ge\""},
                                   {"\"link\"", "\"li\nnk\""},
                                   {"\"link\"", "\"li nk\""}}) {
        CAPTURE(std::string(from));
        CAPTURE(std::string(to));
        CHECK(link_of(changed(text, from, to)) == LinkTarget::none);
    }
}

TEST_CASE(
    "terminals: a line break after each so many columns, also within escapes and names, stood for "
    "nothing")
{
    for (const std::size_t width : {20, 40, 64, 72, 76, 80, 100, 132}) {
        CAPTURE(width);
        CHECK(is_restored(folded(request(), width)));
        CHECK(is_restored(folded(request(), width, "\r\n")));
        CHECK(is_restored(folded(request(), width, "\n    "))); // indented
        CHECK(is_restored(folded(request(), width, "  \n\n"))); // blanks at the end, a line between
    }
}

TEST_CASE("Gmail: a line break that replaced a blank is that blank, one within a word is nothing")
{
    std::string wrapped = request();
    for (char& c : wrapped)
        c = c == ' ' ? '\n' : c;
    CHECK(is_restored(wrapped));
    CHECK(is_restored(changed(wrapped, "8.8.8.8", "8.8.\n8.8")));
    CHECK(is_restored(
        changed(request(), "UDP/DTLS",
                "UDP/\n DTLS"))); // RFC 5322 2.1.1: Postfix folds at 998 octets with a blank
    CHECK(is_restored(changed(request(), R"(\\r)", "\\\n\\r")));
}

TEST_CASE("where a break may have stood for either, nothing is extracted")
{
    CHECK_FALSE(find(changed(request(), "123456789 987654321", "1234\n56789\n987654321")).request);
    CHECK(is_restored(changed(request(), "123456789 987654321", "123456789\n987654321")));
    CHECK_FALSE(find(request(description("a=x-note:one\ntwo"))).request);
    CHECK(find(request(description("a=x-note:one two"))).request); // nothing was to be decided
    CHECK_FALSE(find(request(description("a=x-note:one two")), Certainty::guessed).request);
    CHECK(is_restored(request(), Certainty::guessed));
}

TEST_CASE(
    "where two readings are known, a break stood for what those that are written like it stood "
    "for; else nothing is extracted")
{
    const std::string semantic = "a=msid-semantic:WMS\n*";
    const auto mended = [&](const std::string& session, const std::string& text) {
        const auto found = find(changed(text, "o=- 123456789 987654321 IN", session)).request;
        return found ? found->offer : "";
    };
    const std::string pion = "o=- 1234567890123456789 1761200000 IN",
                      firefox = "o=mozilla...THIS_IS_SDPARTA-128.0 1234567890123456789 0 IN";
    const std::string text = request(description(semantic));
    CHECK(mended(pion, changed(text, "UDP/DTLS", "UDP/\nDTLS")).find("WMS*") != std::string::npos);
    CHECK(mended(pion, changed(text, "a=group:BUNDLE 0", "a=group:BUNDLE\n0")).find("WMS *") !=
          std::string::npos);
    CHECK(mended(pion, changed(text, "a=group:BUNDLE 0", "a=group:BUNDLE \n0")) ==
          ""); // not written like it
    CHECK(mended(pion, changed(changed(text, "a=group:BUNDLE 0", "a=group:BUNDLE\n0"), "UDP/DTLS",
                               "UDP/\nDTLS")) == "");
    CHECK(mended(pion, text) == "");
    CHECK(mended(firefox, text).find("WMS *") != std::string::npos);
    CHECK(mended("o=- 1234567890123456789 2 IN", request(description("a=msid-semantic:\nWMS")))
              .find(": WMS") != std::string::npos);
}

TEST_CASE("blanks that are doubled or tabs are blanks, however many there are in a line")
{
    std::string doubled, tabs = request();
    for (const char c : request())
        doubled += std::string(c == ' ' ? 2 : 1, c);
    std::replace(tabs.begin(), tabs.end(), ' ', '\t');
    const std::string line =
        "a=candidate:1 1 udp 2000 8.8.8.8 3000 typ srflx raddr 0.0.0.0 rport 0 generation 0 "
        "network-id 1 network-cost 50";
    CHECK(is_restored(doubled));
    CHECK(is_restored(tabs));
    std::string blanks = line;
    for (std::size_t at = 0; (at = blanks.find(' ', at)) != blanks.npos; at += 2)
        blanks.insert(at, 1, ' ');
    const auto found = find(request(description(blanks))).request;
    REQUIRE(found);
    CHECK(found->offer.find(line) != std::string::npos);
}

TEST_CASE("RFC 8445 5.1.1.3: after a break was decided about, the lines have to agree")
{
    const std::string other = "a=candidate:1000 1 udp 2000 8.8.4.4 3000 typ host";
    CHECK(find(request(description(other))).request);
    CHECK_FALSE(find(changed(request(description(other)), "t=0 0", "t=0\n0")).request);
}

TEST_CASE("the last brace may be missing where all fields are there, and nowhere else")
{
    const std::string all = request(
        description(),
        R"(,"nat":"unrestricted","fingerprint":"2B280B23E1107BB62ABFC40DDCC8824814F80A72")");
    CHECK(find(all.substr(0, all.size() - 1)).request == parse_poll_request(all));
    CHECK(find(all.substr(0, all.size() - 1) + "\n\nBye").request == parse_poll_request(all));
    CHECK_FALSE(find(all.substr(0, all.size() - 3)).request);
    CHECK_FALSE(
        find(request().substr(0, request().size() - 1)).request); // a fingerprint may have followed
}

TEST_CASE("a letter lost, a blank lost or a link put in is no request")
{
    for (const auto& [from, to] : {std::pair{"8.8.8.8 ", "8.8.8.8<http://8.8.8.8> "},
                                   {"typ host", "typhost"},
                                   {"a=mid:0", "a=mi:0"},
                                   {"t=0 0", "t=00"},
                                   {"a=setup:actpass\\\\r\\\\n", ""},
                                   {"\\\\r\\\\na=mid", "rna=mid"},
                                   {"\"}\"", "\"\""}}) {
        CAPTURE(std::string(from));
        const Finding finding = find(changed(request(), from, to));
        CHECK_FALSE(finding.request);
        REQUIRE(finding.damaged);
        CHECK(finding.damaged->defect == Defect::altered);
        CHECK(finding.damaged->opening.starts_with("v=0"));
    }
}

TEST_CASE(
    "a text that ends within the object is cut off; a person would not call every text a request")
{
    const std::string whole = request();
    for (std::size_t length : {200U, 300U, 456U}) {
        CAPTURE(length);
        CHECK(defect(whole.substr(0, length)) == Defect::truncated);
    }
    for (const char* words :
         {"{\"offer\":\"two for one\"", "{\"offer\":\"two for one\"}", "", "Here is my offer"})
        CHECK_FALSE(defect(words));
}

TEST_CASE("what is encoded in front of a request is told too: it may be a newer one")
{
    for (const std::string above :
         {"%22v%3D0%5C%5Cr%5C%5Cno%3D-+4711471147114711+2+IN+IP4+0.0.0.0",
          "%22v%3D0%5C%5Cr%5C%5Cno%3D-%204711471147114711%202%20IN%20IP4%200.0.0.0",
          "v%253D0%255C%255Cno%253D-%25204711471147114711%25202 a%253Dcandidate%253A1",
          "v=3D0\\\\r\\\\no=3D- 4711471147114711 2 IN IP4 0.0.0.0"}) {
        CAPTURE(above);
        const Finding finding = find(above + "\n\nthe old one:\n" + request());
        CHECK(finding.request);
        REQUIRE(finding.damaged);
        CHECK(finding.damaged->opening.find("4711471147114711") != std::string::npos);
    }
    CHECK_FALSE(find("a v%3D0 of 5% and nothing else\n" + request()).damaged);
}

TEST_CASE("what was damaged in front of a request is told, with how it began")
{
    const Finding finding = find(request().substr(0, 300) + "\n\n" + request());
    REQUIRE(finding.damaged);
    CHECK(finding.damaged->opening.find("123456789") != std::string::npos);
}

TEST_CASE("an offer that breaks off before its session description was cut off, too")
{
    CHECK(defect(R"({"offer":"{\"type\":)") == Defect::truncated);
    const Finding above = find(R"({"offer":"{\"type\": \")" + ("\n\n" + request()));
    REQUIRE(above.damaged);
    CHECK(above.damaged->defect == Defect::truncated);
    // Of halved backslashes, which a repair may still take back.
    CHECK_FALSE(defect(R"({"offer":"{"type":"offer","sdp":"v)"));
}

TEST_CASE("a request that arrived whole and that no broker takes is malformed")
{
    for (const std::string& malformed :
         {request(description(), R"(,"nat":"sideways")"),
          request(description(), R"(,"fingerprint":"12")"),
          request(changed(description(), R"(\"offer\")", R"(\"Offer\")"))})
        CHECK(defect(malformed) == Defect::malformed);
}

TEST_CASE("an offer that came whole and has sound beside the data channel is told as such")
{
    CHECK(defect(request(description("m=audio 9 UDP/TLS/RTP/SAVPF 111"))) ==
          Defect::more_than_data);
    CHECK(defect(request(description("m=audiO 9 UDP/TLS/RTP/SAVPF 111"))) == Defect::altered);
}

TEST_CASE(
    "a new field may hold a fingerprint or a NAT's kind where the known field is there too, and "
    "nothing needed a repair")
{
    const std::string
        both = R"(,"nat":"unrestricted","fingerprint":"2B280B23E1107BB62ABFC40DDCC8824814F80A72")",
        print = R"(:"8838024498816A039FCBBAB14E6F40A0843051FA")";
    const auto has = [&](const std::string& more, Certainty certainty = Certainty::exact) {
        return find(request(description(), more), certainty).request.has_value();
    };
    for (const std::string& field : {R"(,"bridges")" + print, R"(,"second-bridge")" + print,
                                     R"(,"nat-mapping":"restricted")"s}) {
        CAPTURE(field);
        CHECK(has(both + field));
        CHECK_FALSE(has(both + field, Certainty::tidied));
        CHECK_FALSE(find(folded(request(description(), both + field), 60)).request);
        CHECK_FALSE(has(field)); // it may be the known one, whose name was changed
    }
    for (const std::string& field :
         {R"(,"fingerprints")" + print, R"(,"Fingerprint")" + print, R"(,"fingerprnt")" + print,
          R"(,"finger")" + print, R"(,"net":"restricted")"s, R"(,"nta":"unrestricted")"s}) {
        CAPTURE(field);
        CHECK_FALSE(has(both + field));
    }
}

TEST_CASE("RFC 8259 7: an escape that JSON doesn't have speaks of damage")
{
    CHECK(defect(request(changed(description(), R"(s=-\\r)", R"(s=-\qr)"))) == Defect::altered);
    CHECK(defect(request(changed(description(), "a=mid", R"(\xa=mid)"))) == Defect::altered);
}

TEST_CASE("another message version is told apart from no request at all")
{
    const Finding finding = find("2.0\n" + request());
    CHECK(finding.has_unsupported_version);
    CHECK_FALSE(finding.request);
    CHECK_FALSE(finding.damaged);
    CHECK_FALSE(find("2.0\n{\"offer\":\"two for one\"}").has_unsupported_version);
    CHECK(find("2.0\n" + request() + "\n1.0\n" + request()).request);
}

TEST_CASE("nothing is done without a budget, and what is done is taken from it")
{
    Budget none(0), some(1'000'000);
    CHECK_FALSE(find_request(request(), Certainty::exact, none).request);
    CHECK(find_request(request(), Certainty::exact, some).request);
    CHECK(some.left() < 1'000'000 - request().size());
}

TEST_CASE("the fields of other names are counted")
{
    for (const auto& [more, unknown] : {std::pair{R"(,"nat":"unknown")"s, 0},
                                        {R"(,"nat":"unknown","a":{"b":1,"c":2},"d":"x")"s, 2},
                                        {R"(,"n at":"unknown","a":null)"s, 1}}) {
        CAPTURE(more);
        const auto found = find(request(description(), more)).request;
        REQUIRE(found);
        CHECK(found->unknown_fields == unknown);
    }
}

TEST_CASE("with whatever budget the request is found as it is, or not at all")
{
    std::string before;
    for (int i = 0; i < 20; ++i)
        before += "{\"of\\u0066er\":\"x\",\"a\":[1,{}]}\n";
    std::string wrapped = request();
    wrapped.insert(wrapped.find("udp"), "\n");
    Budget plenty(1'000'000);
    const Finding whole = find_request(before + wrapped, Certainty::exact, plenty);
    REQUIRE(whole.request);
    const std::size_t needed = 1'000'000 - plenty.left();
    for (std::size_t characters = 0; characters <= needed + 1; ++characters) {
        Budget budget(characters);
        const Finding finding = find_request(before + wrapped, Certainty::exact, budget);
        CHECK(finding.request.has_value() == (characters > needed));
        CHECK_FALSE(finding.damaged);
        CHECK((!finding.request || *finding.request == *whole.request));
    }
}
