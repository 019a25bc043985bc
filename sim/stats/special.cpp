#include "sojourn/stats/special.hpp"

#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>

namespace sojourn::special {

namespace {

// ln 2 in two parts: the first has 21 trailing zero bits, so that k * ln2_high is exact for every exponent k.
constexpr double ln2_high = 0x1.62e42fee00000p-1;
constexpr double ln2_low = 0x1.a39ef35793c76p-33;

constexpr double rounding = std::numeric_limits<double>::epsilon();

/// 2 atanh(s) for |s| < 0.18, where log((1+s)/(1-s)) = 2 (s + s^3/3 + s^5/5 + ...).
double twice_atanh(double s) {
  const double square = s * s;
  double series = 0;
  for (int k = 25; k >= 3; k -= 2) series = (series + 1.0 / k) * square;
  return 2 * s + 2 * s * series;
}

/// 2^k for -1022 <= k <= 1023.
double power_of_two(int k) { return std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52); }

}  // namespace

double log(double x) {
  assert(x > 0 && x <= std::numeric_limits<double>::max());
  int exponent = 0;
  if (x < 0x1p-1022) {
    x *= 0x1p54;
    exponent = -54;
  }
  const auto bits = std::bit_cast<std::uint64_t>(x);
  exponent += static_cast<int>(bits >> 52) - 1023;
  double mantissa = std::bit_cast<double>((bits & 0x000fffffffffffffULL) | 0x3ff0000000000000ULL);
  if (mantissa > 1.4142135623730951) {
    mantissa /= 2;
    ++exponent;
  }
  const double series = twice_atanh((mantissa - 1) / (mantissa + 1));
  return exponent * ln2_high + (series + exponent * ln2_low);
}

double log1p(double x) {
  assert(x > -1);
  if (x > -0.25 && x < 0.375) return twice_atanh(x / (2 + x));
  return log(1 + x);
}

double exp(double x) {
  if (x != x) return x;
  if (x > 709.79) return std::numeric_limits<double>::infinity();
  if (x < -745.2) return 0;
  const int k = static_cast<int>(std::floor(x * 1.4426950408889634 + 0.5));
  const double rest = (x - k * ln2_high) - k * ln2_low;
  double series = 1;
  for (int n = 16; n >= 1; --n) series = 1 + series * rest / n;
  const int half = k / 2;
  return series * power_of_two(half) * power_of_two(k - half);
}

double gamma_ratio(double a) {
  assert(a > 0);
  double shifted = 1;
  for (; a < 32; a += 1) shifted *= a / (a + 0.5);
  // The asymptotic series of Tricomi and Erdelyi (1951); its error is below 2e-16 from a = 32 on.
  constexpr double coefficients[] = {39325.0 / 33554432, 869.0 / 4194304, -399.0 / 262144, -21.0 / 32768,
                                     5.0 / 1024,         1.0 / 128,       -1.0 / 8};
  double series = 0;
  for (const double c : coefficients) series = (series + c) / a;
  return shifted * std::sqrt(a) * (1 + series);
}

double beta_series(double x, double a, double b) {
  double term = 1 / a;
  double sum = term;
  for (double k = 1; term > rounding / 8 * sum; k += 1) {
    term *= (a + b + k - 1) / (a + k) * x;
    sum += term;
  }
  return sum;
}

double beta_fraction(double x, double y, double a, double b) {
  constexpr int most_terms = 100'000;
  const double slope = a * y - b * x;
  double c = a / (a + 1) * (slope + 1);  // Lentz's method: the fraction's head, and its two running quotients
  double fraction = c;
  double d = 0;
  for (int m = 1; m <= most_terms; ++m) {
    const double above = (a + m - 1) * x / (a + 2 * m - 1) * ((a + b + m - 1) * m * (b - m) * x / (a + 2 * m - 1));
    const double below = m + m * (b - m) * x / (a + 2 * m - 1) + (a + m) * (slope + 1 + m * (1 + y)) / (a + 2 * m + 1);
    d = 1 / (below + above * d);
    c = below + above / c;
    const double change = c * d;
    fraction *= change;
    if (std::fabs(change - 1) <= 2 * rounding) break;
  }
  return 1 / fraction;
}

}  // namespace sojourn::special
