#include "sojourn/random/sampler.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sojourn/core/hash.hpp"
#include "support/catch.hpp"

// Every law is drawn and held against its textbook distribution function, worked out here by the C library.

namespace sojourn {

namespace {

using namespace literals;

constexpr std::size_t n = 200'000;

/// P(X <= x), x in milliseconds.
using Cdf = std::function<double(double)>;

double normal_cdf(double z) { return std::erfc(-z / std::sqrt(2.0)) / 2; }

/// The regularised lower incomplete gamma function: series below a + 1, continued fraction (Lentz) above.
double gamma_cdf(double a, double x) {
  if (x <= 0) return 0;
  const double front = std::exp(a * std::log(x) - x - std::lgamma(a));
  if (x < a + 1) {
    double term = 1 / a, sum = term;
    for (double k = a + 1; term > sum * 1e-16; ++k) sum += term *= x / k;
    return sum * front;
  }
  double b = x + 1 - a, c = 1e300, d = 1 / b, fraction = d;
  for (int i = 1; i < 1000; ++i) {
    const double an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    fraction *= d * c;
    if (std::fabs(d * c - 1) < 1e-16) break;
  }
  return 1 - front * fraction;
}

Cdf exponential_cdf(double mean) {
  return [=](double x) { return -std::expm1(-x / mean); };
}
Cdf lognormal_cdf(double mu, double sigma) {
  return [=](double x) { return x <= 0 ? 0 : normal_cdf((std::log(x) - mu) / sigma); };
}
Cdf lognormal_cdf_by_cv(double mean, double cv) {
  const double s2 = std::log1p(cv * cv);
  return lognormal_cdf(std::log(mean) - s2 / 2, std::sqrt(s2));
}
/// By mean and cv; an Erlang law of k stages has cv 1/sqrt(k).
Cdf gamma_cdf_by_cv(double mean, double cv) {
  return [=](double x) { return gamma_cdf(1 / (cv * cv), x / (mean * cv * cv)); };
}
/// Balanced means: p1 m1 = p2 m2 = mean / 2 (Allen, Probability, Statistics and Queueing Theory).
Cdf hyperexponential_cdf(double mean, double cv) {
  const double p = (1 + std::sqrt((cv * cv - 1) / (cv * cv + 1))) / 2;
  return [=](double x) { return -p * std::expm1(-x * 2 * p / mean) - (1 - p) * std::expm1(-x * 2 * (1 - p) / mean); };
}
Cdf pareto_cdf(double shape, double low) {
  return [=](double x) { return x <= low ? 0 : 1 - std::pow(low / x, shape); };
}

struct Law {
  std::string name;
  Distribution distribution;
  Cdf cdf;
  bool has_moments = true;  // enough of them that n values tell the mean and the variance
};

Distribution gamma_law(double cv) { return {Gamma{8_ms, cv}}; }
Distribution pareto(double shape, std::optional<Duration> maximum) { return {Pareto{shape, 2_ms, maximum}}; }
Distribution quantiles() { return {Quantiles{{{"0", 1_ms}, {"0.5", 8_ms}, {"0.99", 60_ms}, {"1", 200_ms}}}}; }
double quantiles_cdf(double x) {
  if (x < 8) return (x - 1) / 14;
  return x < 60 ? 0.5 + 0.49 * (x - 8) / 52 : 0.99 + 0.01 * (x - 60) / 140;
}
Distribution mixture() {
  return {Mixture{{{9, {Exponential{2_ms}}}, {1, {Shifted{20_ms, Distribution{Uniform{0_ms, 10_ms}}}}}}}};
}
double mixture_cdf(double x) { return 0.9 * exponential_cdf(2)(x) + 0.1 * std::clamp((x - 20) / 10, 0.0, 1.0); }

std::vector<Law> laws() {
  const double sigma = std::log(90.0 / 12) / 2.3263478740408411;
  const double kept = 1 - std::pow(2.0 / 50, 1.5);
  return {
      {"exponential", {Exponential{5_ms}}, exponential_cdf(5)},
      {"uniform", {Uniform{2_ms, 8_ms}}, [](double x) { return (x - 2) / 6; }},
      {"erlang of 1", {Erlang{1, 8_ms}}, exponential_cdf(8)},
      {"erlang of 4", {Erlang{4, 8_ms}}, gamma_cdf_by_cv(8, 0.5)},
      {"erlang of 16", {Erlang{16, 8_ms}}, gamma_cdf_by_cv(8, 0.25)},
      {"erlang of 17", {Erlang{17, 8_ms}}, gamma_cdf_by_cv(8, 1 / std::sqrt(17.0))},
      {"gamma of cv 0.3", gamma_law(0.3), gamma_cdf_by_cv(8, 0.3)},
      {"gamma of cv 1", gamma_law(1), exponential_cdf(8)},
      {"gamma of cv 2", gamma_law(2), gamma_cdf_by_cv(8, 2)},
      {"hyperexponential", {Hyperexponential{5_ms, 2}}, hyperexponential_cdf(5, 2)},
      {"hyperexponential of cv 1", {Hyperexponential{5_ms, 1}}, exponential_cdf(5)},
      {"lognormal by cv", {Lognormal{5_ms, 0.8, {}, {}}}, lognormal_cdf_by_cv(5, 0.8)},
      {"lognormal by p99", {Lognormal{{}, {}, 12_ms, 90_ms}}, lognormal_cdf(std::log(12.0), sigma)},
      {"weibull of 0.7", {Weibull{0.7, 3_ms}}, [](double x) { return -std::expm1(-std::pow(x / 3, 0.7)); }},
      {"weibull of 2", {Weibull{2, 3_ms}}, [](double x) { return -std::expm1(-std::pow(x / 3, 2)); }},
      {"pareto of 5", pareto(5, {}), pareto_cdf(5, 2)},
      {"pareto of 1.5", pareto(1.5, {}), pareto_cdf(1.5, 2), false},
      {"pareto of 0.5", pareto(0.5, {}), pareto_cdf(0.5, 2), false},
      {"truncated pareto", pareto(1.5, 50_ms), [=](double x) { return pareto_cdf(1.5, 2)(x) / kept; }},
      {"quantiles", quantiles(), quantiles_cdf},
      {"mixture", mixture(), mixture_cdf},
      {"shifted", {Shifted{3_ms, Distribution{Exponential{5_ms}}}}, [](double x) { return exponential_cdf(5)(x - 3); }},
  };
}

std::vector<double> draw_ms(const Distribution& law, std::uint64_t key) {
  const Sampler sampler(law);
  std::vector<double> values(n);
  for (std::size_t i = 0; i < n; ++i) {
    Draw draw(key, i, 9);
    values[i] = static_cast<double>(sampler(draw).ns) * 1e-6;
  }
  return values;
}

double power_mean(const std::vector<double>& values, double centre, int exponent) {
  double sum = 0;
  for (const double value : values) sum += std::pow(value - centre, exponent);
  return sum / static_cast<double>(values.size());
}

const double root_n = std::sqrt(static_cast<double>(n));

/// Kolmogorov and Smirnov's statistic of values rounded to nanoseconds, sqrt(n) D; beyond 2.51 as rarely as |z| beyond 4.5.
double farthest(std::vector<double> values, const Cdf& cdf) {
  constexpr double half = 0.5e-6;
  std::sort(values.begin(), values.end());
  double distance = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double below = static_cast<double>(i) / n, above = static_cast<double>(i + 1) / n;
    distance = std::max({distance, cdf(values[i] - half) - below, above - cdf(values[i] + half)});
  }
  return distance * root_n;
}

Duration sample(const Distribution& law, std::uint64_t number) {
  Draw draw(3, number, 4);
  return Sampler(law)(draw);
}

}  // namespace

TEST_CASE("every law is drawn as its distribution function says", "[random]") {
  for (const Law& law : laws()) {
    INFO(law.name);
    CHECK(farthest(draw_ms(law.distribution, hash_name(law.name)), law.cdf) <= 2.51);
  }
}

TEST_CASE("every law's block of draws is its draws one by one", "[random]") {
  for (const Law& law : laws()) {
    INFO(law.name);
    const Sampler sampler(law.distribution);
    for (std::uint64_t number = 0; number < 100 * block_length; number += block_length) {
      DurationBlock block;
      sampler.draw_block(block, 5, number, 6);
      for (std::size_t i = 0; i < block_length; ++i) {
        Draw draw(5, number + i, 6);
        REQUIRE(block[i] == sampler(draw));
      }
    }
  }
}

TEST_CASE("every law's draws have its mean and its variance", "[random]") {
  for (const Law& law : laws()) {
    if (!law.has_moments) continue;
    INFO(law.name);
    const auto values = draw_ms(law.distribution, hash_name(law.name));
    const double mean = mean_ns(law.distribution) * 1e-6, variance = variance_ns2(law.distribution) * 1e-12;
    CHECK(std::fabs(power_mean(values, mean, 1)) * root_n <= 4.5 * std::sqrt(variance));
    const double spread = std::sqrt(power_mean(values, mean, 4) - variance * variance);
    CHECK(std::fabs(power_mean(values, mean, 2) - variance) * root_n <= 4.5 * spread);
  }
}

// Harchol-Balter, Performance Modeling and Design of Computer Systems (2013): L = 1 ms, H = 10 s, shape 1.5.
TEST_CASE("a truncated Pareto law is conditioned, not clamped", "[random]") {
  const auto values = draw_ms({Pareto{1.5, 1_ms, 10_s}}, 1);
  const double variance = 297.000297 - 2.97000297 * 2.97000297;
  CHECK(std::fabs(power_mean(values, 2.97000297, 1)) * root_n <= 4.5 * std::sqrt(variance));

  const auto tight = draw_ms({Pareto{1, 1_ms, 2_ms}}, 2);
  CHECK(*std::min_element(tight.begin(), tight.end()) >= 1);
  CHECK(*std::max_element(tight.begin(), tight.end()) < 2);
  CHECK(std::count_if(tight.begin(), tight.end(), [](double x) { return x > 1.9999; }) < 30);  // a clamp: half of all
}

TEST_CASE("a lognormal law hits the percentiles that it was told by", "[random]") {
  auto values = draw_ms({Lognormal{{}, {}, 12_ms, 90_ms}}, 3);
  for (const auto& [percentile, p] : {std::pair{12.0, 0.5}, std::pair{90.0, 0.99}}) {
    const auto below =
        std::count_if(values.begin(), values.end(), [limit = percentile](double x) { return x <= limit; });
    CHECK(std::fabs(static_cast<double>(below) - p * n) <= 4.5 * std::sqrt(n * p * (1 - p)));
  }
}

TEST_CASE("measured values are drawn equally often, repeated ones more", "[random]") {
  const auto values = draw_ms({Samples{"", {1_ms, 2_ms, 4_ms, 4_ms, 7_ms}}}, 4);
  std::size_t all = 0;
  for (const auto& [value, p] : {std::pair{1.0, 0.2}, std::pair{2.0, 0.2}, std::pair{4.0, 0.4}, std::pair{7.0, 0.2}}) {
    const auto count = std::count_if(values.begin(), values.end(),
                                     [wanted = value](double x) { return std::fabs(x - wanted) < 1e-9; });
    all += static_cast<std::size_t>(count);
    CHECK(std::fabs(static_cast<double>(count) - p * n) <= 4.5 * std::sqrt(n * p * (1 - p)));
  }
  CHECK(all == n);
}

TEST_CASE("a mixture's weights are relative", "[random]") {
  const Distribution tens{Mixture{{{90, {Constant{1_ms}}}, {10, {Constant{2_ms}}}}}};
  const Distribution ones{Mixture{{{0.9, {Constant{1_ms}}}, {0.1, {Constant{2_ms}}}}}};
  for (std::uint64_t i = 0; i < 1000; ++i) CHECK(sample(tens, i) == sample(ones, i));
}

TEST_CASE("what is always the same needs no random number", "[random]") {
  const auto check = [](const Distribution& law, Duration value) {
    const Sampler sampler(law);
    CHECK(sampler.is_constant());
    Draw draw(1, 2, 3);
    CHECK(sampler(draw) == value);
    CHECK(draw.bits() == Draw(1, 2, 3).bits());
  };
  check({Constant{5_ms}}, 5_ms);
  check({Uniform{5_ms, 5_ms}}, 5_ms);
  check({Lognormal{{}, {}, 5_ms, 5_ms}}, 5_ms);
  check({Shifted{2_ms, Distribution{Constant{3_ms}}}}, 5_ms);
  check({Samples{"", {5_ms}}}, 5_ms);
  check({Constant{Duration{9'007'199'254'740'993}}}, Duration{9'007'199'254'740'993});  // no double holds it
  Draw draw(1, 2, 3);
  CHECK(Sampler()(draw) == 0_ns);
  CHECK_FALSE(Sampler(Distribution{Exponential{5_ms}}).is_constant());
}

TEST_CASE("the same random numbers give times in proportion to the mean", "[random]") {
  const auto check = [](const auto& law_of_mean) {
    const Sampler one(law_of_mean(5_ms)), three(law_of_mean(15_ms));
    for (std::uint64_t i = 0; i < 2000; ++i) {
      Draw a(1, i, 2), b(1, i, 2);
      const auto x = static_cast<double>(one(a).ns), y = static_cast<double>(three(b).ns);
      CHECK(std::fabs(y - 3 * x) <= 2 + 1e-13 * y);
    }
  };
  check([](Duration mean) { return Distribution{Exponential{mean}}; });
  check([](Duration mean) { return Distribution{Erlang{3, mean}}; });
  check([](Duration mean) { return Distribution{Erlang{30, mean}}; });
  check([](Duration mean) { return Distribution{Gamma{mean, 0.7}}; });
  check([](Duration mean) { return Distribution{Gamma{mean, 1.7}}; });
  check([](Duration mean) { return Distribution{Hyperexponential{mean, 3}}; });
  check([](Duration mean) { return Distribution{Lognormal{mean, 1.2, {}, {}}}; });
  check([](Duration mean) { return Distribution{Weibull{0.7, mean}}; });
  check([](Duration mean) { return Distribution{Pareto{2, mean, {}}}; });
}

TEST_CASE("laws drawn by inversion use one number, and order requests as each other", "[random]") {
  const auto compare = [](const Distribution& a, const Distribution& b, bool same) {
    const Sampler first(a), second(b);
    std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
    for (std::uint64_t i = 0; i < 2000; ++i) {
      Draw one(1, i, 2), other(1, i, 2);
      pairs.emplace_back(first(one).ns, second(other).ns * (same ? 1 : -1));
      CHECK(one.bits() == other.bits());
    }
    std::sort(pairs.begin(), pairs.end());
    CHECK(std::is_sorted(pairs.begin(), pairs.end(), [](const auto& x, const auto& y) { return x.second < y.second; }));
  };
  const Distribution uniform{Uniform{0_ns, 1000_s}};
  compare(uniform, {Lognormal{5_s, 1.0, {}, {}}}, true);
  compare(uniform, quantiles(), true);
  compare(uniform, {Samples{"", {1_ms, 2_ms, 3_ms}}}, true);
  compare(uniform, {Exponential{5_s}}, false);
  compare(uniform, {Weibull{0.7, 5_s}}, false);
  compare(uniform, {Pareto{1.5, 5_s, {}}}, false);
  compare(uniform, {Pareto{1.5, 5_s, 50_s}}, false);
}

TEST_CASE("absurd laws end at never, not in overflow", "[random]") {
  std::size_t nevers = 0, zeros = 0;
  for (std::uint64_t i = 0; i < 200; ++i) {
    nevers += sample({Pareto{0.001, 1_s, {}}}, i) == Duration::never() ? 1U : 0U;
    nevers += sample({Weibull{0.0001, 1_s}}, i) == Duration::never() ? 1U : 0U;
    zeros += sample({Weibull{0.0001, 1_s}}, i) == 0_ns ? 1U : 0U;
    zeros += sample({Gamma{1_s, 1000}}, i) == 0_ns ? 1U : 0U;
    CHECK(sample({Shifted{Duration{Duration::never().ns - 1}, Distribution{Exponential{1_s}}}}, i) >= 0_ns);
  }
  CHECK(nevers >= 200);
  CHECK(zeros >= 200);
}

TEST_CASE("a gamma law of next to no variation is next to its mean", "[random]") {
  for (const double cv : {1e-3, 1e-6, 1e-9}) {
    const auto values = draw_ms({Gamma{1000_s, cv}}, 5);
    const double off = power_mean(values, 1e6, 1) * root_n, variance = power_mean(values, 1e6, 2);
    CHECK(std::fabs(off) <= 4.5 * 1e6 * cv + 1e-6 * root_n);
    CHECK(variance == Approx(1e12 * cv * cv).epsilon(0.02).margin(1e-12));
  }
}

TEST_CASE("copies of a sampler are the same sampler", "[random]") {
  Sampler original(mixture());
  const Sampler copy = original;
  original = Sampler(Distribution{Constant{1_ms}});
  for (std::uint64_t i = 0; i < 100; ++i) {
    Draw a(1, i, 2), b(1, i, 2);
    CHECK(copy(a) == Sampler(mixture())(b));
  }
}

// The bits themselves: the same on every compiler, level of optimisation and machine. A change here changes every result.
TEST_CASE("every law's draws are the same bits everywhere", "[random]") {
  std::uint64_t sum = 0;
  for (const Law& law : laws()) {
    const Sampler sampler(law.distribution);
    for (std::uint64_t i = 0; i < 10'000; ++i) {
      Draw draw(hash_name(law.name), i, 5);
      sum = mix(sum, static_cast<std::uint64_t>(sampler(draw).ns));
    }
  }
  CHECK(sum == 0xeb6657bc4e633f1f);
}

}  // namespace sojourn
