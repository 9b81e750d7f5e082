#include "problem.hh"

#include "mail.hh"

namespace {

// A mail without a date, or of the future, is fresh.
bool is_stale(const Header& header, std::chrono::seconds max_age,
              std::chrono::system_clock::time_point now)
{
    return max_age.count() > 0 && header.sent &&
           std::chrono::floor<std::chrono::seconds>(now) - *header.sent > max_age;
}

Problem problem_of_defect(Defect defect)
{
    switch (defect) {
    case Defect::truncated: return problem::truncated;
    case Defect::altered: return problem::altered;
    case Defect::malformed: return problem::malformed;
    case Defect::more_than_data: return problem::more_than_data;
    case Defect::unsupported_version: break;
    }
    return problem::unsupported_version;
}

} // namespace

const Problem& problem_of_error(std::string_view broker_error)
{
    for (const Problem* known : {&problem::no_proxy, &problem::timed_out, &problem::unknown_bridge})
        if (broker_error == known->error)
            return *known;
    return problem::rejected;
}

std::optional<Problem> problem_of_broker(std::string_view reason)
{
    for (const Problem* known :
         {&problem::no_proxy, &problem::timed_out, &problem::broker_failed, &problem::rejected})
        if (reason == word_of(known->reason))
            return *known;
    return std::nullopt;
}

std::optional<Problem> problem_of_request(const Mail& mail, std::chrono::seconds max_age,
                                          std::chrono::system_clock::time_point now)
{
    if (std::holds_alternative<NoRequest>(mail.request))
        return std::nullopt;
    if (is_stale(mail.header, max_age, now))
        return problem::stale;
    if (const auto* defect = std::get_if<Defect>(&mail.request))
        return problem_of_defect(*defect);
    return std::nullopt;
}
