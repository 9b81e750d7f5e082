#pragma once
#include "extract.hh"
#include "message.hh"
#include "poll.hh"

#include <variant>
#include <vector>

// Nothing that looks like a request; one that can't be recovered; or the request.
using Search = std::variant<std::monostate, Damage, PollRequest>;

// The poll request in a mail: one the person wrote before one that is quoted or forwarded, that before one in an attached mail; among
// these the first text in the given order. Bounded in time and memory whatever the texts are.
Search find_request(const std::vector<Text>& texts);
