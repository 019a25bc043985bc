#include "sojourn/stats/estimate.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "sojourn/core/hash.hpp"
#include "sojourn/stats/histogram.hpp"
#include "support/catch.hpp"

namespace sojourn {

namespace {

/// A stream of its own for these tests: SplitMix64.
struct Stream {
  std::uint64_t state;
  double uniform() { return static_cast<double>(mix(state += 0x9e3779b97f4a7c15ULL) >> 11) * 0x1p-53; }
  double normal() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += uniform();
    return sum;
  }
};

/// The share of experiments whose interval contains the truth.
template <class Experiment>
double coverage(int experiments, double truth, Experiment&& experiment) {
  int covered = 0;
  for (int i = 0; i < experiments; ++i) {
    const Estimate e = experiment(mix(99, static_cast<std::uint64_t>(i)));
    covered += std::fabs(e.value - truth) <= *e.half_width ? 1 : 0;
  }
  return covered / static_cast<double>(experiments);
}

/// An autocorrelated stream with mean 0 and correlation 0.9 from one value to the next, stationary from the start.
std::vector<double> correlated_stream(std::uint64_t seed, std::size_t n) {
  Stream stream{seed};
  std::vector<double> values(n);
  double x = stream.normal();
  for (auto& v : values) v = x = 0.9 * x + std::sqrt(1 - 0.81) * stream.normal();
  return values;
}

}  // namespace

TEST_CASE("a mean over replications, by hand") {
  const std::vector<double> means{1, 2, 3, 4, 5};
  const auto e = mean_of(means, 0.95);
  REQUIRE(e);
  CHECK(e->value == 3);
  CHECK(e->n == 5);
  CHECK(*e->half_width == Approx(2.7764451051977944 * std::sqrt(2.5 / 5)).epsilon(1e-12));
  CHECK(*mean_of(means, 0.99)->half_width > *e->half_width);
}

TEST_CASE("no replication has no mean, one has no interval, equal ones have none to speak of") {
  CHECK_FALSE(mean_of({}, 0.95));
  const std::vector<double> one{0.7};
  CHECK(mean_of(one, 0.95) == Estimate{.value = 0.7, .half_width = std::nullopt, .n = 1});
  const std::vector<double> equal(49, 0.1);
  CHECK(mean_of(equal, 0.95) == Estimate{.value = 0.1, .half_width = 0.0, .n = 49});
}

TEST_CASE("sectioning, by hand") {
  // Centre 10; squared distances 1 + 0 + 4 + 9 = 14 over R - 1 = 3; t(0.975, 3) = 3.1824463...
  const std::vector<double> quantiles{9, 10, 12, 13};
  const auto e = section(10, quantiles, 0.95);
  REQUIRE(e);
  CHECK(e->value == 10);
  CHECK(e->n == 4);
  CHECK(*e->half_width == Approx(3.182446305284263 * std::sqrt(14.0 / 3) / 2).epsilon(1e-12));
  CHECK_FALSE(section(10, {}, 0.95));
  const std::vector<double> one{9};
  CHECK_FALSE(section(10, one, 0.95)->half_width);
}

TEST_CASE("a 95 % interval of means covers the truth 95 times in 100") {
  const double covered = coverage(2000, 0, [](std::uint64_t seed) {
    std::array<double, 10> means;
    for (std::size_t r = 0; r < means.size(); ++r) {
      means[r] = 0;
      for (const double x : correlated_stream(mix(seed, r), 50)) means[r] += x / 50;
    }
    return *mean_of(means, 0.95);
  });
  CHECK(covered >= 0.93);
  CHECK(covered <= 0.97);
}

TEST_CASE("the naive interval from one correlated stream does not cover") {
  const double covered =
      coverage(2000, 0, [](std::uint64_t seed) { return *mean_of(correlated_stream(seed, 500), 0.95); });
  CHECK(covered < 0.6);
}

TEST_CASE("a 95 % interval of a sectioned quantile covers the truth 95 times in 100") {
  const double covered = coverage(1000, 0.9e9, [](std::uint64_t seed) {
    Histogram merged;
    std::vector<double> quantiles;
    Stream stream{seed};
    for (int r = 0; r < 20; ++r) {
      Histogram h;
      for (int i = 0; i < 300; ++i) h.add(static_cast<std::int64_t>(stream.uniform() * 1e9));
      quantiles.push_back(*h.quantile(0.9));
      merged.merge(h);
    }
    return *section(*merged.quantile(0.9), quantiles, 0.95);
  });
  CHECK(covered >= 0.93);
  CHECK(covered <= 0.97);
}

}  // namespace sojourn
