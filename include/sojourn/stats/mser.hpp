#pragma once
// Where a run has warmed up.

#include <cstddef>
#include <optional>
#include <span>

namespace sojourn {

/// How many of the first observations to cut, a multiple of 5, by MSER-5 (White 1997; White, Cobb and Spratt 2000): over
/// means of 5 observations, the cut that minimises the squared standard error of what remains. The last five means are no
/// candidates: too few to judge by. Meant for the average over replications, not for a single one.
/// Nothing for fewer than 50 observations, or when the minimum lies beyond half of them: no warm-up found, run longer.
[[nodiscard]] std::optional<std::size_t> mser5(std::span<const double> series);

}  // namespace sojourn
