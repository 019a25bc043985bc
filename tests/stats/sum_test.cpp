#include "sojourn/stats/sum.hpp"

#include <vector>

#include "support/catch.hpp"

namespace sojourn {

TEST_CASE("a compensated sum survives cancellation") {
  CompensatedSum sum;
  for (const double x : {1.0, 1e100, 1.0, -1e100}) sum.add(x);
  CHECK(sum.value() == 2);
}

TEST_CASE("a compensated sum of many small numbers is exact to the last bit") {
  CompensatedSum sum;
  double plain = 0;
  for (int i = 0; i < 100'000; ++i) {
    sum.add(0.1);
    plain += 0.1;
  }
  CHECK(sum.value() == 10'000);
  CHECK(plain != 10'000);
}

TEST_CASE("the mean of equal values is that value") {
  for (const double x : {0.1, 1.0 / 3, 2.7e-301, 9.9e200})
    for (std::size_t n = 1; n < 100; ++n) {
      const std::vector<double> values(n, x);
      REQUIRE(mean_value(values) == x);
    }
}

}  // namespace sojourn
