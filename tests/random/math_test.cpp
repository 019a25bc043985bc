#include "sojourn/random/math.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "sojourn/core/hash.hpp"
#include "support/catch.hpp"

// The C library is the judge here, in its widest type; the project's own functions are what reaches results.

namespace sojourn {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// How far a value is from the true one, in units of the true one's last place.
double ulps(double value, long double truth) {
  const auto nearest = static_cast<double>(std::fabs(truth));
  const double place = std::nextafter(nearest, infinite) - nearest;
  return static_cast<double>(std::fabs(static_cast<long double>(value) - truth) / place);
}

/// An even number in (0, 1].
double share(std::uint64_t i) { return (static_cast<double>(mix(i, 5) >> 11) + 1) * 0x1p-53; }

/// The largest error(i) of n trials.
template <class Error>
double worst(std::uint64_t trials, const Error& error) {
  double result = 0;
  for (std::uint64_t i = 0; i < trials; ++i) result = std::max(result, error(i));
  return result;
}

double log_error(double x) { return ulps(natural_log(x), std::log(static_cast<long double>(x))); }
double exp_error(double x) { return ulps(exponential(x), std::exp(static_cast<long double>(x))); }

/// A positive normal number of any size.
double any_size(std::uint64_t i) {
  const std::uint64_t exponent = 1 + mix(i, 6) % 2046;
  return std::bit_cast<double>(exponent << 52 | mix(i, 7) >> 12);
}

/// Error of a quantile for p <= 1/2, in the variable: by how much the true law's inverse lies elsewhere (one Newton step).
long double quantile_error(double x, double p) {
  const long double z = x;
  const long double below = std::erfc(-z / std::sqrt(2.0L)) / 2;
  const long double density = std::exp(-z * z / 2) / std::sqrt(2 * 3.141592653589793238462643383279502884L);
  return (below - static_cast<long double>(p)) / density;
}

}  // namespace

TEST_CASE("the logarithm is within an ulp of the truth everywhere", "[random]") {
  CHECK(worst(300'000, [](std::uint64_t i) { return log_error(any_size(i)); }) < 1);
  CHECK(worst(300'000, [](std::uint64_t i) { return log_error(share(i)); }) < 1);
  CHECK(worst(300'000, [](std::uint64_t i) { return log_error(0.5 + share(i)); }) < 1);
  CHECK(worst(300'000, [](std::uint64_t i) { return log_error(1 + (share(i) - 0.5) * std::exp2(-int(i % 50))); }) < 1);
}

TEST_CASE("the logarithm is exact where it can be", "[random]") {
  CHECK(natural_log(1) == 0);
  CHECK(natural_log(2) == std::log(2.0));
  CHECK(natural_log(0x1p-53) == Approx(-36.7368005696771014).epsilon(1e-16));
  CHECK(natural_log(std::numeric_limits<double>::min()) == Approx(-708.396418532264106).epsilon(1e-16));
  CHECK(natural_log(std::numeric_limits<double>::max()) == Approx(709.782712893383996).epsilon(1e-16));
}

TEST_CASE("the logarithm rises with its argument", "[random]") {
  std::uint64_t falls = 0;
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    const double x = share(i);
    falls += natural_log(std::nextafter(x, infinite)) < natural_log(x) ? 1U : 0U;
  }
  CHECK(falls == 0);
}

TEST_CASE("the exponential is within an ulp of the truth while its result is normal", "[random]") {
  CHECK(worst(300'000, [](std::uint64_t i) { return exp_error(-708 + share(i) * 1417); }) < 1);
  CHECK(worst(300'000, [](std::uint64_t i) { return exp_error(share(i) * 2 - 1); }) < 1);
  CHECK(worst(300'000, [](std::uint64_t i) { return exp_error((share(i) - 0.5) * std::exp2(-int(i % 50))); }) < 1);
}

TEST_CASE("the exponential ends in zero and in infinity", "[random]") {
  CHECK(exponential(0) == 1);
  CHECK(exponential(1) == Approx(2.718281828459045235).epsilon(1e-16));
  CHECK(exponential(710) == infinite);
  CHECK(exponential(infinite) == infinite);
  CHECK(exp_error(709.7) < 1);
  CHECK(exponential(-746) == 0);
  CHECK(exponential(-infinite) == 0);
  // below the smallest normal number, to the place that is left
  for (const double x : {-709.0, -720.0, -735.5, -744.0, -745.1})
    CHECK(std::fabs(exponential(x) - std::exp(x)) <= std::numeric_limits<double>::denorm_min());
}

TEST_CASE("a power is near the truth in proportion to its exponent", "[random]") {
  CHECK(power(2, 10) == Approx(1024).epsilon(1e-15));
  CHECK(power(7.5, 0) == 1);
  CHECK(power(1, 1e300) == 1);
  CHECK(power(0x1p-53, -100) == infinite);
  CHECK(power(0x1p-53, 100) == 0);
  const double error = worst(200'000, [](std::uint64_t i) {
    const double x = std::exp2(40 * (share(i) - 0.5)), y = 20 * (share(i + 1'000'000) - 0.5);
    const long double truth = std::pow(static_cast<long double>(x), static_cast<long double>(y));
    const auto relative = static_cast<double>(std::fabs(static_cast<long double>(power(x, y)) / truth - 1));
    return relative / (1 + std::fabs(y * std::log(x)));
  });
  CHECK(error < 2.3e-16);
}

TEST_CASE("the normal law's quantiles are right to the last places", "[random]") {
  CHECK(normal_quantile(0.5) == 0);
  CHECK(normal_quantile(0.975) == Approx(1.9599639845400542).epsilon(1e-15));
  CHECK(normal_quantile(0.99) == Approx(2.3263478740408411).epsilon(1e-15));
  const auto relative = [](double p) {
    const double x = normal_quantile(p);
    return static_cast<double>(std::fabs(quantile_error(x, p) / static_cast<long double>(x)));
  };
  CHECK(worst(200'000, [&](std::uint64_t i) { return relative(share(i) / 2.001); }) < 1e-15);
  CHECK(worst(100'000, [&](std::uint64_t i) { return relative(std::exp2(-1000 * share(i) - 1.1)); }) < 1e-15);
}

TEST_CASE("the normal law's quantiles are symmetric and rise", "[random]") {
  std::uint64_t wrong = 0;
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    const double p = 0.5 + std::floor(share(i) * 0x1p51) * 0x1p-53;  // so that 1 - p is exact, as it is for a uniform
    if (p == 1) continue;
    wrong += normal_quantile(p) == -normal_quantile(1 - p) ? 0U : 1U;
  }
  CHECK(wrong == 0);
  double last = -infinite;
  std::uint64_t falls = 0;
  for (int i = 1; i < 100'000; ++i) {
    const double x = normal_quantile(i * 1e-5);
    falls += x <= last ? 1U : 0U;
    last = x;
  }
  CHECK(falls == 0);
  CHECK(normal_quantile(1 - 0x1p-53) == Approx(8.2095361516013869).epsilon(1e-12));  // a uniform's largest below 1
}

}  // namespace sojourn
