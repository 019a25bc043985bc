#include "sojourn/theory/erlang.hpp"

#include <cmath>
#include <limits>

#include "sojourn/random/math.hpp"

namespace sojourn {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double negligible = 1e-18;

/// What waits, as seen from "all servers are taken, nobody waits", whose weight is 1.
struct Waiting {
  double all = 0;   ///< sum of r^j over j = 1..places
  double mean = 0;  ///< sum of j r^j
  double full = 1;  ///< r^places
  double base = 1;  ///< what the weight of 1 has become
};

/// Sum and first moment of x^0, x^1, ... x^n with x <= 1.
struct Geometric {
  double total = 0;
  double moment = 0;
};

Geometric geometric(double x, double n) {
  constexpr double few = 1e5;
  Geometric sums;
  const double left = (1 - x) * n;
  if (n <= few || (1 - x) * few > 50) {
    double weight = 1;
    for (double k = 0; k <= n && weight > negligible * negligible; ++k, weight *= x) {
      sums.total += weight;
      sums.moment += k * weight;
    }
  } else if (left < 1e-4) {
    sums = {(n + 1) * (1 - left / 2), n * (n + 1) / 2 * (1 - left * 2 / 3)};
  } else {
    const double far = power(x, n);
    sums = {(1 - far * x) / (1 - x), x * (1 - (n + 1) * far + n * far * x) / ((1 - x) * (1 - x))};
  }
  return sums;
}

/// Sums over geometric weights; from the far end where they grow, so that nothing overflows.
Waiting waiting_of(double ratio, std::uint64_t places) {
  const auto n = static_cast<double>(places);
  const double step = ratio <= 1 ? ratio : 1 / ratio;
  const Geometric sums = geometric(step, n);
  const double far = power(step, n);
  Waiting waiting;
  waiting.base = ratio <= 1 ? 1 : far;
  waiting.full = ratio <= 1 ? far : 1;
  waiting.all = sums.total - waiting.base;
  waiting.mean = ratio <= 1 ? sums.moment : n * sums.total - sums.moment;
  return waiting;
}

/// The weight of all states of a finite queue.
double total_weight(const FiniteQueue& queue, const Waiting& waiting) {
  const double blocked = erlang_b(queue.servers, queue.arrivals_per_s * queue.work_s);
  return waiting.base / blocked + waiting.all;
}

double ratio_of(const FiniteQueue& queue) {
  return queue.arrivals_per_s * queue.work_s / static_cast<double>(queue.servers);
}

}  // namespace

double erlang_b(std::uint64_t servers, double offered) {
  constexpr double beyond = 1e300;
  if (!(offered > 0)) return servers == 0 ? 1 : 0;
  double sum = 1, term = 1;
  for (std::uint64_t left = servers; left > 0; --left) {
    term *= static_cast<double>(left) / offered;
    sum += term;
    if (term < negligible * sum) break;
    if (sum > beyond) return 0;
  }
  return 1 / sum;
}

double erlang_c(std::uint64_t servers, double offered) {
  const auto c = static_cast<double>(servers);
  if (offered >= c) return 1;
  const double blocked = erlang_b(servers, offered);
  return c * blocked / (c - offered * (1 - blocked));
}

double MultiServerQueue::mean_wait_s() const {
  if (!stable()) return infinite;
  return chance_of_waiting() * work_s / (static_cast<double>(servers) - offered());
}

double MultiServerQueue::wait_quantile_s(double p) const {
  if (!stable()) return infinite;
  const double waits = chance_of_waiting();
  if (waits <= 1 - p) return 0;
  return natural_log(waits / (1 - p)) * work_s / (static_cast<double>(servers) - offered());
}

double MultiServerQueue::response_tail(double t) const {
  const double spare = static_cast<double>(servers) - offered();
  const double works = exponential(-t / work_s);
  const double apart = spare - 1;
  if (std::fabs(apart) < 1e-9) return works * (1 + chance_of_waiting() * t / work_s);
  return works + chance_of_waiting() * (works - exponential(-t * spare / work_s)) / apart;
}

double MultiServerQueue::response_quantile_s(double p) const {
  if (!stable()) return infinite;
  if (work_s == 0 || p <= 0) return 0;
  double low = 0, high = work_s;
  while (response_tail(high) > 1 - p) high *= 2;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (response_tail(middle) > 1 - p ? low : high) = middle;
  }
  return high;
}

double FiniteQueue::refused() const {
  const Waiting waiting = waiting_of(ratio_of(*this), places);
  return waiting.full / total_weight(*this, waiting);
}

double FiniteQueue::mean_wait_s() const {
  const Waiting waiting = waiting_of(ratio_of(*this), places);
  const double waiting_jobs = waiting.mean / total_weight(*this, waiting);
  return waiting_jobs / (arrivals_per_s * (1 - refused()));
}

double FiniteQueue::utilization() const { return ratio_of(*this) * (1 - refused()); }

}  // namespace sojourn
