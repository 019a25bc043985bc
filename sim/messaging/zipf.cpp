#include "sojourn/messaging/zipf.hpp"

#include <algorithm>

#include "sojourn/random/math.hpp"

namespace sojourn {
namespace {

// Nearer to 0 the quotients lose digits, and a few terms of their series are exact to the last.
constexpr double small = 1e-3;

/// (e^x - 1) / x.
double growth_over(double x) {
  if (x > small || x < -small) return (exponential(x) - 1) / x;
  return 1 + x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5)));
}

/// ln(1 + x) / x.
double log_over(double x) {
  if (x > small || x < -small) return natural_log(1 + x) / x;
  return 1 - x * (1.0 / 2 - x * (1.0 / 3 - x * (1.0 / 4 - x * (1.0 / 5 - x / 6))));
}

}  // namespace

ZipfSampler::ZipfSampler(std::uint32_t keys, double exponent)
    : keys_(keys),
      exponent_(exponent),
      area_of_first_(area(1.5) - 1),
      area_of_all_(area(keys + 0.5)),
      sure_(2 - area_inverse(area(2.5) - hat(2))) {}

double ZipfSampler::hat(double x) const { return exponential(-exponent_ * natural_log(x)); }

double ZipfSampler::area(double x) const {
  const double log_x = natural_log(x);
  return growth_over((1 - exponent_) * log_x) * log_x;
}

double ZipfSampler::area_inverse(double y) const {
  const double t = y * (1 - exponent_);
  // Rounding may take it past -1, where the area ends: there is nothing but the last key.
  if (t <= -1) return static_cast<double>(keys_);
  return exponential(log_over(t) * y);
}

std::uint32_t ZipfSampler::operator()(Draw& draw) const {
  if (exponent_ == 0) return static_cast<std::uint32_t>(draw.below(keys_));
  while (true) {
    const double u = area_of_all_ + draw.uniform() * (area_of_first_ - area_of_all_);
    const double x = std::clamp(area_inverse(u), 1.0, static_cast<double>(keys_));
    const auto rank = std::clamp(static_cast<std::uint32_t>(x + 0.5), std::uint32_t{1}, keys_);
    const double k = rank;
    if (k - x <= sure_ || u >= area(k + 0.5) - hat(k)) return rank - 1;
  }
}

}  // namespace sojourn
