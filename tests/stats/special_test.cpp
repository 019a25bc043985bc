#include "sojourn/stats/special.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "sojourn/core/hash.hpp"
#include "support/catch.hpp"

// The C library is the oracle here: a correct result and libm's differ by a few last bits at most.

namespace sojourn::special {

TEST_CASE("log agrees with the C library over all magnitudes") {
  double worst = 0;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const double mantissa = 1 + static_cast<double>(mix(1, i) >> 12) * 0x1p-52;
    const double x = std::ldexp(mantissa, static_cast<int>(mix(2, i) % 2000) - 1000);
    worst = std::max(worst, std::fabs(log(x) - std::log(x)) / std::fabs(std::log(x)));
  }
  CHECK(worst < 1e-15);
  CHECK(log(1) == 0);
  CHECK(log(0x1p-1060) == Approx(std::log(0x1p-1060)).epsilon(1e-15));
  CHECK(log(1 + 1e-9) == Approx(std::log(1 + 1e-9)).epsilon(1e-14));
}

TEST_CASE("log1p keeps small arguments") {
  for (const double x : {1e-300, 1e-17, 1e-9, -1e-9, 0.1, -0.1, 0.374, 0.376, -0.249, -0.251, -0.999, 5.0, 1e20})
    CHECK(std::fabs(log1p(x) / std::log1p(x) - 1) < 1e-14);
}

TEST_CASE("exp agrees with the C library and ends where doubles end") {
  double worst = 0;
  for (int i = -7000; i <= 7000; ++i) {
    const double x = i * 0.1013;
    worst = std::max(worst, std::fabs(exp(x) / std::exp(x) - 1) / std::max(1.0, std::fabs(x)));
  }
  CHECK(worst < 1e-15);
  CHECK(exp(0) == 1);
  CHECK(exp(-740) == Approx(std::exp(-740)).epsilon(1e-3));
  CHECK(exp(-746) == 0);
  CHECK(exp(710) == std::numeric_limits<double>::infinity());
  CHECK(std::isnan(exp(std::numeric_limits<double>::quiet_NaN())));
}

TEST_CASE("the gamma ratio at known points") {
  const double root = std::sqrt(pi);
  CHECK(gamma_ratio(0.5) == Approx(1 / root).epsilon(1e-14));
  CHECK(gamma_ratio(1) == Approx(root / 2).epsilon(1e-14));
  CHECK(gamma_ratio(1.5) == Approx(2 / root).epsilon(1e-14));
  CHECK(gamma_ratio(2.25) == Approx(std::tgamma(2.75) / std::tgamma(2.25)).epsilon(1e-13));
  CHECK(gamma_ratio(60.5) == Approx(std::tgamma(61.0) / std::tgamma(60.5)).epsilon(1e-13));
  CHECK(gamma_ratio(5e11) == Approx(std::sqrt(5e11 - 0.25)).epsilon(1e-14));
}

TEST_CASE("the two ways to the incomplete beta function agree, and with closed forms") {
  for (const double a : {0.3, 1.0, 4.5, 500.0})
    for (const double b : {0.5, 1.0, 7.25})
      for (const double share : {0.01, 0.3, 0.9}) {
        const double x = share * (a + 1) / (a + b + 2);
        CHECK(beta_fraction(x, 1 - x, a, b) == Approx(beta_series(x, a, b)).epsilon(1e-13));
      }
  CHECK(beta_series(0.25, 1, 1) == Approx(4.0 / 3).epsilon(1e-14));          // I_x(1, 1) = x
  CHECK(beta_fraction(0.25, 0.75, 3, 1) == Approx(4.0 / 9).epsilon(1e-14));  // I_x(3, 1) = x^3
  const double near_one = 1e-18;  // 1 - near_one is 1: the fraction must still see it
  CHECK(beta_fraction(1, near_one, 1e18, 0.5) != beta_fraction(1, 3 * near_one, 1e18, 0.5));
}

}  // namespace sojourn::special
