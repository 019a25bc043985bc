#include "sojourn/stats/running_spread.hpp"

#include <cmath>

namespace sojourn {

Estimate RunningSpread::about(double centre, std::uint64_t n, StudentFactors& factors) const {
  Estimate estimate{.value = centre, .half_width = std::nullopt, .n = n};
  if (n < 2) return estimate;
  const auto count = static_cast<double>(n);
  const double off = mean_ - centre;
  estimate.half_width = factors.of(n) * std::sqrt((squares_ + count * off * off) / (count - 1) / count);
  return estimate;
}

}  // namespace sojourn
