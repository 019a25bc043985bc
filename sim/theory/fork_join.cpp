#include "sojourn/theory/fork_join.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "sojourn/random/math.hpp"

namespace sojourn {

namespace {

/// P(fewer than needed have passed at t), adding one time after the other.
double still_waits(std::size_t needed, std::span<const double> means_s, double t) {
  std::vector<double> done(needed, 0);  // done[k]: exactly k have passed
  done[0] = 1;
  for (const double mean : means_s) {
    const double passed = mean > 0 ? 1 - exponential(-t / mean) : 1;
    for (std::size_t k = needed; k-- > 0;) done[k] = done[k] * (1 - passed) + (k > 0 ? done[k - 1] * passed : 0);
  }
  double sum = 0;
  for (const double p : done) sum += p;
  return sum;
}

}  // namespace

double mean_response_of_two_branches(double arrivals_per_s, double work_s) {
  const double load = arrivals_per_s * work_s;
  if (load >= 1) return std::numeric_limits<double>::infinity();
  return (12 - load) / 8 * work_s / (1 - load);
}

double mean_time_until(std::size_t needed, std::span<const double> means_s) {
  if (means_s.empty() || needed == 0) return 0;
  needed = std::min(needed, means_s.size());
  double sum = 0;
  for (const double mean : means_s) sum += mean;
  if (sum == std::numeric_limits<double>::infinity()) return sum;
  if (means_s.size() == 1 || sum == 0) return sum;
  // The integral of P(still waits) by Simpson's rule, on panels that grow with t: short times may hide among long ones.
  const double end = 45 * *std::max_element(means_s.begin(), means_s.end());
  constexpr int panels = 600;
  const double growth = power(2, 1.0 / 20);
  double integral = 0, from = 0, width = end * (growth - 1) / (power(growth, panels) - 1);
  double at_from = still_waits(needed, means_s, 0);
  for (int i = 0; i < panels; ++i, width *= growth) {
    const double at_middle = still_waits(needed, means_s, from + width / 2);
    const double at_end = still_waits(needed, means_s, from + width);
    integral += width / 6 * (at_from + 4 * at_middle + at_end);
    from += width;
    at_from = at_end;
  }
  return integral;
}

}  // namespace sojourn
