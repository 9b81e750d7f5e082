#include "recover/meant.hh"

#include "recover/signs.hh"

#include <glib.h>
#include <string>

namespace {

bool is_line_end_escape(std::string_view text, std::size_t at)
{
    return at > 0 && text[at - 1] == '\\' && (text[at] == 'r' || text[at] == 'n');
}

// Letters and digits: what damage leaves of a text.
std::string letters_of(std::string_view text)
{
    std::string letters;
    for (std::size_t at = 0; at < text.size(); ++at)
        if (g_ascii_isalnum(text[at]) && !is_line_end_escape(text, at))
            letters += text[at];
    return letters;
}

// The number of the session in "o=- NUMBER ...".
std::string session_number(const std::string& sdp)
{
    const auto start = sdp.find(' ', sdp.find("o=")) + 1;
    return sdp.substr(start, sdp.find(' ', start) - start);
}

// `json` is the session description's object, `sdp` the description in it.
bool may_have_been(std::string_view opening, const std::string& json, const std::string& sdp)
{
    const std::string letters = letters_of(opening);
    if (letters.find("IN") != std::string::npos) // the o= line is there
        return letters.find(session_number(sdp)) != std::string::npos;
    const bool is_object = opening.starts_with('{');
    return !letters.empty() && letters_of(is_object ? json : sdp).starts_with(letters);
}

bool may_have_been(std::string_view opening, const Finding& finding)
{
    if (finding.request)
        return may_have_been(opening, *finding.request);
    return finding.response->is_answer && may_have_been(opening, *finding.response);
}

} // namespace

bool may_have_been(std::string_view opening, const PollRequest& request)
{
    return may_have_been(opening, request.offer, sdp_of(request));
}

bool may_have_been(std::string_view opening, const PollResponse& response)
{
    return may_have_been(opening, response.answer, sdp_of(response));
}

bool MeantRequest::see(std::string_view text, const Finding& finding)
{
    // In the source of HTML the marks of quotations are not seen yet: what looks as if it came
    // first may be quoted. A later version tells.
    const bool hides_quotes = text.find("&gt;") != text.npos;
    if (hides_quotes && !finding.request && !finding.response)
        return false;
    has_begun_here_ = has_begun_here_ || begins_request(text);
    if (!has_begun_above_) {
        if (!first_)
            first_ = finding.damaged;
        has_unsupported_version_ = has_unsupported_version_ || finding.has_unsupported_version;
    }
    if ((!finding.request && !finding.response) ||
        (finding.damaged && !may_have_been(finding.damaged->opening, finding)))
        return false;
    return first_ ? may_have_been(first_->opening, finding) : !has_begun_above_;
}

bool MeantRequest::go_deeper()
{
    has_begun_above_ = has_begun_here_;
    return !has_begun_above_ || first_;
}

std::optional<Defect> MeantRequest::defect() const
{
    if (first_)
        return first_->defect;
    if (has_unsupported_version_)
        return Defect::unsupported_version;
    return std::nullopt;
}
