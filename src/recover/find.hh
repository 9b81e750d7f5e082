#pragma once
#include "poll.hh"
#include "recover/budget.hh"
#include "recover/certainty.hh"
#include "recover/recover.hh"

#include <optional>
#include <string>
#include <string_view>

// A request or an answer that is recognisable and can't be recovered.
struct DamagedRequest {
    Defect defect;
    // How its session description begins, or its JSON, where that was cut off before it.
    std::string opening;
};

struct Finding {
    std::optional<PollRequest> request; // find_request()'s
    // The first damaged one: of those before the one that was found, if there is one, else of all.
    std::optional<DamagedRequest> damaged;
    bool has_unsupported_version = false; // a request of another message version stands there
    std::optional<PollResponse> response = std::nullopt; // find_response()'s
};

// The first poll request in a version of a text, whatever stands around it. JSON forbids line
// breaks within strings: decide_breaks() says what each stood for. `text` is UTF-8.
Finding find_request(std::string_view text, Certainty certainty, Budget& budget);

// The same for the first poll response.
Finding find_response(std::string_view text, Certainty certainty, Budget& budget);
