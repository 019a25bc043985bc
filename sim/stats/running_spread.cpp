#include "sojourn/stats/running_spread.hpp"

#include <cmath>

namespace sojourn {

Estimate RunningSpread::about(double centre, StudentFactors& factors) const {
  Estimate estimate{.value = centre, .half_width = std::nullopt, .n = count_};
  if (count_ < 2) return estimate;
  const auto n = static_cast<double>(count_);
  const double off = mean_ - centre;
  estimate.half_width = factors.of(count_) * std::sqrt((squares_ + n * off * off) / (n - 1) / n);
  return estimate;
}

}  // namespace sojourn
