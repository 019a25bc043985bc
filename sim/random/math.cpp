#include "sojourn/random/math.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

namespace sojourn {

double exponential(double x) {
  if (x > 709.78) return std::numeric_limits<double>::infinity();
  if (x < -745.13) return 0;
  const double k = std::floor(x * one_over_ln2 + 0.5);
  const double y = reduced_exponential(x, k);
  // In two factors, so that results below the smallest normal number come out right.
  const auto exponent = static_cast<std::int64_t>(k);
  const std::int64_t half = exponent / 2;
  const auto scale = [](std::int64_t e) { return std::bit_cast<double>(static_cast<std::uint64_t>(e + 1023) << 52); };
  return y * scale(half) * scale(exponent - half);
}

double power(double x, double y) { return exponential(y * natural_log(x)); }

namespace {

/// A polynomial by Horner's rule, its constant term last.
template <std::size_t n>
double polynomial(const std::array<double, n>& terms, double x) {
  double sum = 0;
  for (const double term : terms) sum = sum * x + term;
  return sum;
}

using Terms = std::array<double, 8>;

// AS 241: numerator and denominator for the middle, the near and the far tail.
constexpr Terms middle_above{2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
                             4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
                             1.3314166789178437745e2, 3.3871328727963666080e0};
constexpr Terms middle_below{
    5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
    5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0};
constexpr Terms near_above{7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
                           1.27045825245236838258e0,  3.64784832476320460504e0,  5.76949722146069140550e0,
                           4.63033784615654529590e0,  1.42343711074968357734e0};
constexpr Terms near_below{
    1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
    6.89767334985100004550e-1, 1.67638483018380384940e0,  2.05319162663775882187e0,  1.0};
constexpr Terms far_above{2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
                          2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
                          5.46378491116411436990e0,  6.65790464350110377720e0};
constexpr Terms far_below{
    2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
    1.48753612908506148525e-2,  1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0};

}  // namespace

double normal_quantile(double p) {
  const double q = p - 0.5;
  if (std::fabs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(middle_above, r) / polynomial(middle_below, r);
  }
  const double r = std::sqrt(-natural_log(q < 0 ? p : 1 - p));
  const double x = r <= 5 ? polynomial(near_above, r - 1.6) / polynomial(near_below, r - 1.6)
                          : polynomial(far_above, r - 5) / polynomial(far_below, r - 5);
  return q < 0 ? -x : x;
}

}  // namespace sojourn
