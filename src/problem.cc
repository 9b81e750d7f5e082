#include "problem.hh"

const Problem& problem_of_error(std::string_view broker_error)
{
    for (const Problem* known : {&problem::no_proxy, &problem::timed_out, &problem::unknown_bridge})
        if (broker_error == known->error)
            return *known;
    return problem::rejected;
}
