#include "sojourn/stats/histogram.hpp"

#include "sojourn/stats/special.hpp"

namespace sojourn {

std::uint64_t samples_needed(double p) {
  assert(p >= 0);
  constexpr double allowed_miss = 0.05;
  if (p >= 1) return std::numeric_limits<std::uint64_t>::max();
  if (p <= allowed_miss) return 1;
  const double log_p = p < 0.5 ? special::log(p) : special::log1p(p - 1);  // p - 1 is exact from 0.5 on
  return static_cast<std::uint64_t>(std::ceil(special::log(allowed_miss) / log_p));
}

}  // namespace sojourn
