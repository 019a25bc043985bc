#include "sojourn/stats/mser.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sojourn/core/hash.hpp"
#include "support/catch.hpp"

namespace sojourn {

namespace {

/// Noise, uniform in [-1/2, 1/2).
double noise(std::size_t i) { return static_cast<double>(mix(17, i) >> 11) * 0x1p-53 - 0.5; }

/// Noise around 10 after a transient that starts at 0 and closes by the given factor with each observation.
std::vector<double> with_transient(std::size_t n, double factor) {
  std::vector<double> series(n);
  double gap = 10;
  for (std::size_t i = 0; i < n; ++i, gap *= factor) series[i] = 10 - gap + noise(i);
  return series;
}

/// White, 1997: of all cuts that leave five batches or more, the first with the least sum of squares over n^2.
std::optional<std::size_t> cut_by_definition(const std::vector<double>& series) {
  std::vector<double> means(series.size() / 5);
  for (std::size_t i = 0; i < means.size() * 5; ++i) means[i / 5] += series[i] / 5;
  std::size_t best = 0;
  double least = 1e300;
  for (std::size_t cut = 0; cut + 5 <= means.size(); ++cut) {
    const auto n = static_cast<double>(means.size() - cut);
    double mean = 0, squares = 0;
    for (std::size_t i = cut; i < means.size(); ++i) mean += means[i] / n;
    for (std::size_t i = cut; i < means.size(); ++i) squares += (means[i] - mean) * (means[i] - mean);
    if (squares / n / n >= least) continue;
    least = squares / n / n;
    best = cut;
  }
  return 5 * best > series.size() / 2 ? std::nullopt : std::optional(5 * best);
}

}  // namespace

TEST_CASE("an obvious transient is cut, and little more") {
  std::vector<double> step(1000);
  for (std::size_t i = 0; i < step.size(); ++i) step[i] = (i < 100 ? 20 : 10) + noise(i);
  const auto cut = mser5(step);
  REQUIRE(cut);
  CHECK(*cut % 5 == 0);
  CHECK(*cut >= 100);
  CHECK(*cut <= 130);
}

TEST_CASE("a decaying transient is cut where it falls below the noise") {
  const auto cut = mser5(with_transient(2000, 0.98));
  REQUIRE(cut);
  CHECK(*cut % 5 == 0);
  CHECK(*cut >= 100);  // here the transient is still 10 * 0.98^100 = 1.3
  CHECK(*cut <= 400);  // here 0.003
}

TEST_CASE("a stationary or constant series needs no cut") {
  CHECK(mser5(std::vector<double>(200, 0.1)) == std::size_t{0});
  std::vector<double> still(400);
  for (std::size_t i = 0; i < still.size(); ++i) still[i] = (i % 20 < 10 ? 1 : -1) + 0.1 * noise(i);
  const auto cut = mser5(still);
  REQUIRE(cut);
  CHECK(*cut <= 40);
}

TEST_CASE("a trend has no warm-up") {
  std::vector<double> growing(1000);
  for (std::size_t i = 0; i < growing.size(); ++i) growing[i] = 0.05 * static_cast<double>(i) + noise(i);
  CHECK_FALSE(mser5(growing));
}

TEST_CASE("a transient longer than half of the run is not a warm-up") {
  std::vector<double> late(1000);
  for (std::size_t i = 0; i < late.size(); ++i) late[i] = (i < 600 ? 0 : 10) + noise(i);
  CHECK_FALSE(mser5(late));
  const auto jump_at = [](std::size_t where) {
    std::vector<double> series(1000, 10);
    std::fill_n(series.begin(), where, 0.0);
    return series;
  };
  CHECK(mser5(jump_at(495)) == std::size_t{495});
  CHECK(mser5(jump_at(500)) == std::size_t{500});
  CHECK_FALSE(mser5(jump_at(505)));
}

TEST_CASE("too short a series has no answer, a remainder below five is left aside") {
  CHECK_FALSE(mser5({}));
  CHECK_FALSE(mser5(std::vector<double>(49, 1)));
  CHECK(mser5(std::vector<double>(50, 1)) == std::size_t{0});
  auto series = with_transient(1000, 0.9);
  const auto cut = mser5(series);
  series.insert(series.end(), {1e9, -1e9, 1e9, 1e9});
  CHECK(mser5(series) == cut);
}

TEST_CASE("every cut is the one of the definition") {
  std::size_t unsettled = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    std::vector<double> series(50 + mix(seed, 1) % 150);
    const std::size_t transient = mix(seed, 2) % series.size();
    const double height = 2 * (noise(mix(seed, 3)) + 0.5);
    for (std::size_t i = 0; i < series.size(); ++i)
      series[i] = (i < transient ? height : 0) + noise(1000 * (seed + 1) + i);
    const auto cut = mser5(series);
    INFO("series " << seed);
    REQUIRE(cut == cut_by_definition(series));
    if (!cut) ++unsettled;
  }
  CHECK(unsettled > 100);
  CHECK(unsettled < 1900);
}

}  // namespace sojourn
