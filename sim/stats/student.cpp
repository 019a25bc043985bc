#include "sojourn/stats/student.hpp"

#include <cassert>
#include <cmath>
#include <limits>

#include "sojourn/stats/special.hpp"

namespace sojourn {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// P(T > t) = I_x(degrees/2, 1/2) / 2 with x = degrees / (degrees + t^2), for t >= 0 (Abramowitz and Stegun 26.7.1).
double tail_beyond(double t, double degrees) {
  const double u = t * t / degrees;
  if (u > std::numeric_limits<double>::max()) return 0;
  const double a = degrees / 2;
  const double b = 0.5;
  const double x = 1 / (1 + u);
  const double y = u / (1 + u);
  const double front =
      special::exp(-a * special::log1p(u)) * std::sqrt(y) * special::gamma_ratio(a) / std::sqrt(special::pi);
  if (x < (a + 1) / (a + b + 2)) return front * special::beta_fraction(x, y, a, b) / 2;
  return 0.5 - front * special::beta_series(y, b, a) / 2;
}

double density(double t, double degrees) {
  const double a = degrees / 2;
  const double decay = special::exp(-(a + 0.5) * special::log1p(t * t / degrees));
  return special::gamma_ratio(a) / std::sqrt(special::pi * degrees) * decay;
}

/// The t >= 0 with P(T > t) = tail, 0 < tail < 1/2: Newton's steps, halving the bracket where one would leave it.
double quantile_beyond(double tail, double degrees) {
  double high = 1;
  while (high < 1e150 && tail_beyond(high, degrees) > tail) high *= 2;
  double low = high > 1 ? high / 2 : 0;
  double t = (low + high) / 2;
  for (int step = 0; step < 200; ++step) {
    const double excess = tail_beyond(t, degrees) - tail;
    if (excess == 0) break;
    (excess > 0 ? low : high) = t;
    double next = t + excess / density(t, degrees);
    if (!(next > low && next < high)) next = (low + high) / 2;
    if (std::fabs(next - t) <= 1e-15 * next) break;
    t = next;
  }
  return t;
}

/// 1 - Phi(x) for x >= 0.
double normal_tail(double x) {
  const double density_at_x = special::exp(-x * x / 2) / std::sqrt(2 * special::pi);
  if (x < 3) {  // Phi(x) = 1/2 + phi(x) (x + x^3/3 + x^5/15 + ...) (Marsaglia 2004)
    double term = x;
    double sum = x;
    for (int k = 3; term > 1e-17 * sum; k += 2) {
      term *= x * x / k;
      sum += term;
    }
    return 0.5 - density_at_x * sum;
  }
  double fraction = x;  // Laplace's: phi(x) / (x + 1/(x + 2/(x + 3/(x + ...))))
  for (int k = 160; k >= 1; --k) fraction = x + k / fraction;
  return density_at_x / fraction;
}

}  // namespace

double student_t_upper_tail(double t, double degrees) {
  assert(degrees > 0);
  return t < 0 ? 1 - tail_beyond(-t, degrees) : tail_beyond(t, degrees);
}

double student_t_cdf(double t, double degrees) { return student_t_upper_tail(-t, degrees); }

double student_t_quantile(double p, double degrees) {
  assert(p >= 0 && p <= 1 && degrees > 0);
  if (p <= 0) return -infinity;
  if (p >= 1) return infinity;
  if (p == 0.5) return 0;
  return p < 0.5 ? -quantile_beyond(p, degrees) : quantile_beyond(1 - p, degrees);
}

double StudentFactors::of(std::uint64_t n) {
  assert(n >= 2);
  if (n >= known_.size()) known_.resize(n + 1, 0);
  if (known_[n] == 0) known_[n] = student_t_quantile((1 + confidence_) / 2, static_cast<double>(n - 1));
  return known_[n];
}

double normal_cdf(double x) { return x < 0 ? normal_tail(-x) : 1 - normal_tail(x); }

}  // namespace sojourn
