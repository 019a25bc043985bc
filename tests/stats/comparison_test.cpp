#include "sojourn/stats/comparison.hpp"

#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "sojourn/core/hash.hpp"
#include "support/catch.hpp"

namespace sojourn {

namespace {

using Values = std::vector<std::optional<double>>;

Values random_values(std::size_t n, std::uint64_t seed) {
  Values values;
  for (std::size_t i = 0; i < n; ++i) values.emplace_back(static_cast<double>(mix(seed, i) >> 11) * 0x1p-53);
  return values;
}

}  // namespace

TEST_CASE("a scenario compared with itself differs by exactly nothing") {
  for (std::size_t n = 2; n < 60; ++n) {
    const Values values = random_values(n, n);
    const auto d = compare_paired(values, values, 0.95);
    REQUIRE(d);
    REQUIRE(d->difference == Estimate{.value = 0, .half_width = 0.0, .n = n});
    REQUIRE(d->ratio == 1.0);
    REQUIRE(d->correlation == 1.0);
    REQUIRE(d->p_value == 1.0);
    REQUIRE(compare_paired_quantiles(0.7, 0.7, values, values, 0.95) == d);
  }
}

TEST_CASE("a paired difference, by hand") {
  // Differences 1, 2, 3: mean 2, standard error 1/sqrt(3), t = 2 sqrt(3) with 2 degrees.
  const Values baseline{1, 2, 3}, variant{2, 4, 6};
  const auto d = compare_paired(baseline, variant, 0.95);
  REQUIRE(d);
  CHECK(d->difference.value == 2);
  CHECK(d->difference.n == 3);
  CHECK(*d->difference.half_width == Approx(4.3026527297494639 / std::sqrt(3.0)).epsilon(1e-12));
  CHECK(d->ratio == 2.0);
  CHECK(*d->correlation == Approx(1).epsilon(1e-15));
  const double t = 2 * std::sqrt(3.0);
  CHECK(*d->p_value == Approx(1 - t / std::sqrt(2 + t * t)).epsilon(1e-12));
}

TEST_CASE("correlation has its sign and its bounds") {
  const Values up{1, 2, 3, 4}, down{8, 6, 4, 2}, neither{1, -1, -1, 1};
  CHECK(*compare_paired(up, down, 0.95)->correlation == Approx(-1));
  CHECK(*compare_paired(up, neither, 0.95)->correlation == Approx(0).margin(1e-15));
}

TEST_CASE("only replications in which both sides have a value count") {
  const Values baseline{1, std::nullopt, 3, 5}, variant{2, 9, std::nullopt, 8};
  const auto d = compare_paired(baseline, variant, 0.95);
  REQUIRE(d);
  CHECK(d->difference.value == 2);
  CHECK(d->difference.n == 2);
  CHECK(*d->ratio == Approx(10.0 / 6.0));
  CHECK_FALSE(compare_paired(Values{1, std::nullopt}, Values{std::nullopt, 1}, 0.95));
  CHECK_FALSE(compare_paired({}, {}, 0.95));
}

TEST_CASE("what is not defined is absent") {
  const auto one_pair = compare_paired(Values{1}, Values{2}, 0.95);
  REQUIRE(one_pair);
  CHECK(one_pair->difference.value == 1);
  CHECK_FALSE(one_pair->difference.half_width);
  CHECK_FALSE(one_pair->correlation);
  CHECK_FALSE(one_pair->p_value);
  const auto from_zero = compare_paired(Values{0, 0, 0}, Values{1, 2, 3}, 0.95);
  CHECK_FALSE(from_zero->ratio);
  CHECK_FALSE(from_zero->correlation);
  CHECK(from_zero->p_value);
}

TEST_CASE("a difference without spread is certain") {
  const auto shifted = compare_paired(Values{1, 2, 3}, Values{1.5, 2.5, 3.5}, 0.95);
  CHECK(shifted->difference.half_width == 0.0);
  CHECK(shifted->p_value == 0.0);
  const auto constant = compare_paired(Values{0.1, 0.1, 0.1}, Values{0.1, 0.1, 0.1}, 0.95);
  CHECK(constant->difference.value == 0);
  CHECK(constant->p_value == 1.0);
  CHECK_FALSE(constant->correlation);
}

TEST_CASE("quantiles are compared about the difference of the merged quantiles") {
  // Differences 1, 3; centre 1.5: squared distances 0.25 + 2.25 over R - 1 = 1; t(0.975, 1) = 12.706...
  const Values baseline{10, 20}, variant{11, 23};
  const auto d = compare_paired_quantiles(14, 15.5, baseline, variant, 0.95);
  REQUIRE(d);
  CHECK(d->difference.value == 1.5);
  CHECK(*d->difference.half_width == Approx(12.706204736174705 * std::sqrt(2.5 / 2)).epsilon(1e-12));
  CHECK(*d->ratio == Approx(15.5 / 14));
  CHECK(*d->p_value == Approx(1 - 2 / std::acos(-1.0) * std::atan(1.5 / std::sqrt(1.25))).epsilon(1e-12));
  CHECK_FALSE(compare_paired_quantiles(1, 2, Values{std::nullopt}, Values{1}, 0.95));
}

TEST_CASE("under no difference, p-values below 5 % come 5 times in 100") {
  int low = 0;
  for (std::uint64_t i = 0; i < 4000; ++i)
    low += *compare_paired(random_values(12, mix(1, i)), random_values(12, mix(2, i)), 0.95)->p_value < 0.05 ? 1 : 0;
  CHECK(std::fabs(low - 200.0) <= 4.5 * std::sqrt(4000 * 0.05 * 0.95));
}

TEST_CASE("Holm's correction, the textbook example") {
  const std::vector<double> p{0.01, 0.04, 0.03, 0.005};
  const auto adjusted = holm(p);
  REQUIRE(adjusted.size() == 4);
  CHECK(adjusted[0] == Approx(0.03));
  CHECK(adjusted[1] == Approx(0.06));  // 0.04 alone, but never below the one before it
  CHECK(adjusted[2] == Approx(0.06));
  CHECK(adjusted[3] == Approx(0.02));
  CHECK(holm({}).empty());
  const std::vector<double> high{0.6, 0.9, 0.6};
  for (const double q : holm(high)) CHECK(q == 1);
}

}  // namespace sojourn
