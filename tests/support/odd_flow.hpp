#pragma once
// Random flows that look as if formulas described them: few keys, exponential work mostly, and steps that break an assumption of
// the formulas now and then.

#include <cstdint>
#include <string>

namespace sojourn::testing {

/// The text of a scenario of 20 replications; the same for the same numbers. Open clients ask so often a second.
[[nodiscard]] std::string odd_flow(std::uint64_t number, double rate);

}  // namespace sojourn::testing
