#pragma once
#include "recover/find.hh"

#include <optional>
#include <string_view>

// Which of the requests in a mail is meant. A person may answer above an old request: it must not
// stand in for a new one that can't be read. So a request counts only if nothing that was begun
// above it is unreadable, or if that was the same request.
//
// The texts are seen from what the person wrote down to what is quoted and attached.
class MeantRequest {
  public:
    // Takes note of a version of a text, and of what find_request() or find_response() found in it.
    // Returns whether what was found is what is meant.
    bool see(std::string_view text, const Finding& finding);

    // What is seen from now on is quoted or attached below what was seen until now. Returns whether
    // it can hold the request that is meant.
    bool go_deeper();

    // Why no request is meant, once all was seen; none: there is nothing like a request.
    std::optional<Defect> defect() const;

  private:
    bool has_begun_here_ = false;         // a request, in what was seen at this depth
    bool has_begun_above_ = false;        // the same of all that is above
    std::optional<DamagedRequest> first_; // with the fewest repairs: most likely the truth
    bool has_unsupported_version_ = false;
};

// Whether the damaged request with this opening may have been this one. The session's number in its
// o= line is the same (RFC 8866 5.2); where it was cut off before that, the beginning is.
bool may_have_been(std::string_view opening, const PollRequest& request);

// The same for an answer.
bool may_have_been(std::string_view opening, const PollResponse& response);
