#include "sojourn/stats/running_spread.hpp"

#include <vector>

#include "support/catch.hpp"

using namespace sojourn;

TEST_CASE("a spread of values that are not kept is that of the values") {
  const std::vector<double> values{3, 1, 4, 1, 5, 9, 2.5};
  RunningSpread spread;
  std::uint64_t n = 0;
  for (const double value : values) spread.add(value, ++n);
  StudentFactors factors(0.9);
  for (const double centre : {spread.mean(), 3.0, -20.0}) {
    const Estimate kept = estimate_about(centre, values, 0.9);
    const Estimate estimate = spread.about(centre, n, factors);
    CHECK(estimate.value == centre);
    CHECK(estimate.n == 7);
    CHECK(*estimate.half_width == Approx(*kept.half_width).epsilon(1e-13));
  }
}

TEST_CASE("equal values have a half-width of exactly nothing, one has none") {
  StudentFactors factors(0.95);
  RunningSpread spread;
  CHECK_FALSE(spread.about(0, 0, factors).half_width.has_value());
  spread.add(0.1, 1);
  CHECK_FALSE(spread.about(0.1, 1, factors).half_width.has_value());
  for (std::uint64_t i = 2; i <= 10; ++i) spread.add(0.1, i);
  CHECK(spread.about(0.1, 10, factors).half_width == 0.0);
  CHECK(spread.about(0.1, 10, factors).n == 10);
}
