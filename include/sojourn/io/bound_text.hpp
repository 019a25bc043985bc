#pragma once
// What a number may be, in words: in errors and in the reference.

#include <string>

#include "sojourn/core/describe.hpp"

namespace sojourn {

/// A number in the fewest digits that give it back.
[[nodiscard]] std::string shortest(double value);

/// "a number from 0 to 1", "a duration above 0s": the noun, and the bound with its ends written by `text`.
[[nodiscard]] std::string bounded(std::string noun, const Bound& bound, std::string (*text)(double));

/// Ends of a bound, given in seconds and per second.
[[nodiscard]] std::string duration_text(double seconds);
[[nodiscard]] std::string rate_text(double per_second);

}  // namespace sojourn
