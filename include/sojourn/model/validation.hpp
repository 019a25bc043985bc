#pragma once
// What must hold in a scenario beyond its syntax: names that lead somewhere, flows that end, runs that can be paid for.
// Pointers in issues are relative to the scenario.

#include <string_view>

#include "sojourn/core/issue.hpp"
#include "sojourn/model/scenario.hpp"

namespace sojourn {

/// Whether a text can name a service, an operation, a client, a topic, a variant.
[[nodiscard]] bool is_name(std::string_view text);
/// The rule in words, to follow "expected".
inline constexpr std::string_view name_rule = "a name of 1 to 64 letters, digits, '_' or '-'";

/// How many operations may be waited for in all, by await, notify and follow-ups.
inline constexpr std::uint32_t most_watched = 64;

/// Every operation and topic that is named exists; there are clients, and the window of measurement is not empty.
[[nodiscard]] Issues check_references(const Scenario& scenario);

/// For a scenario whose references are sound: no wait for what may be lost is without a timeout, calls do not run in circles,
/// events die out, the run can be paid for (errors); nothing is unreachable, unused, overloaded, without moments, or can lock
/// itself up (warnings).
[[nodiscard]] Issues check_flows(const Scenario& scenario);

/// All of it.
[[nodiscard]] Issues validate(const Scenario& scenario);

}  // namespace sojourn
