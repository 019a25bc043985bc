#pragma once
// A law of times, stretched or shortened.

#include "sojourn/random/distribution.hpp"

namespace sojourn {

/// The law of factor x T, where T follows the given law; factor > 0. Durations are rounded to whole nanoseconds, and stay above
/// zero where they were.
[[nodiscard]] Distribution scaled(const Distribution& law, double factor);

}  // namespace sojourn
