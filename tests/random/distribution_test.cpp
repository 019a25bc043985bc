#include "sojourn/random/distribution.hpp"

#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "support/catch.hpp"

namespace sojourn {

namespace {

using namespace literals;

Mixture mixture(std::vector<MixturePart> parts) { return {std::move(parts)}; }
Shifted shifted(Duration by, Distribution of) { return {by, std::move(of)}; }
Samples samples(std::vector<Duration> values) { return {"file.csv", std::move(values)}; }
Quantiles quantiles(std::map<std::string, Duration> points) { return {std::move(points)}; }
Lognormal by_cv(Duration mean, double cv) { return {.mean = mean, .cv = cv, .p50 = {}, .p99 = {}}; }
Lognormal by_p99(Duration p50, Duration p99) { return {.mean = {}, .cv = {}, .p50 = p50, .p99 = p99}; }

void check_moments(const Distribution& law, double mean_ms, double variance_ms2) {
  INFO("alternative " << law.kind.index());
  CHECK(mean_ns(law) == Approx(mean_ms * 1e6).epsilon(1e-11));
  CHECK(variance_ns2(law) == Approx(variance_ms2 * 1e12).epsilon(1e-11));
}

template <class... Laws>
std::vector<std::string_view> keys_of(const std::type_identity<std::variant<Laws...>>) {
  return {Laws::key...};
}

template <class Law>
std::vector<std::string_view> names() {
  std::vector<std::string_view> result;
  for_each_field<Law>([&](const auto& field) { result.push_back(field.name); });
  return result;
}
using Names = std::vector<std::string_view>;

/// The bound of a law's field.
template <class Law>
Bound bound_of(std::string_view name) {
  Bound result;
  for_each_field<Law>([&](const auto& field) {
    if (field.name == name) result = field.bound;
  });
  return result;
}

}  // namespace

TEST_CASE("the laws are named as the language names them", "[random]") {
  CHECK(keys_of(std::type_identity<decltype(Distribution::kind)>{}) ==
        Names{"", "exponential", "uniform", "erlang", "gamma", "hyperexponential", "lognormal", "weibull", "pareto",
              "quantiles", "samples", "mixture", "shifted"});
  CHECK(names<Uniform>() == Names{"low", "high"});
  CHECK(names<Erlang>() == Names{"k", "mean"});
  CHECK(names<Gamma>() == Names{"mean", "cv"});
  CHECK(names<Hyperexponential>() == Names{"mean", "cv"});
  CHECK(names<Lognormal>() == Names{"mean", "cv", "p50", "p99"});
  CHECK(names<Weibull>() == Names{"shape", "scale"});
  CHECK(names<Pareto>() == Names{"shape", "minimum", "maximum"});
  CHECK(names<MixturePart>() == Names{"weight", "of"});
  CHECK(names<Shifted>() == Names{"by", "of"});
  CHECK((Bare<Constant> && Bare<Exponential> && Bare<Quantiles> && Bare<Samples> && Bare<Mixture>));
  CHECK_FALSE((Bare<Uniform> || Bare<Gamma> || Bare<Pareto> || Bare<Shifted>));
}

TEST_CASE("a law's numbers have the bounds that make sense", "[random]") {
  const auto positive = [](const Bound& bound) { return bound.minimum == 0 && bound.above_minimum; };
  CHECK(positive(bound_of<Exponential>("exponential")));
  CHECK(positive(bound_of<Gamma>("mean")));
  CHECK(positive(bound_of<Gamma>("cv")));
  CHECK(positive(bound_of<Weibull>("shape")));
  CHECK(positive(bound_of<Weibull>("scale")));
  CHECK(positive(bound_of<Pareto>("shape")));
  CHECK(positive(bound_of<Pareto>("minimum")));
  CHECK(positive(bound_of<MixturePart>("weight")));
  CHECK(bound_of<Erlang>("k").minimum == 1);
  CHECK(bound_of<Hyperexponential>("cv").minimum == 1);
}

TEST_CASE("means and variances are those of the textbooks", "[random]") {
  check_moments({Constant{5_ms}}, 5, 0);
  check_moments({Exponential{5_ms}}, 5, 25);
  check_moments({Uniform{2_ms, 8_ms}}, 5, 3);
  check_moments({Erlang{4, 8_ms}}, 8, 16);
  check_moments({Gamma{8_ms, 0.5}}, 8, 16);
  check_moments({Hyperexponential{5_ms, 2}}, 5, 100);
  check_moments({by_cv(5_ms, 2)}, 5, 100);
  const double sigma = std::log(90.0 / 12) / 2.3263478740408411, s2 = sigma * sigma;
  check_moments({by_p99(12_ms, 90_ms)}, 12 * std::exp(s2 / 2), 144 * std::exp(s2) * (std::exp(s2) - 1));
  const double g1 = std::tgamma(1 + 1 / 0.7), g2 = std::tgamma(1 + 2 / 0.7);
  check_moments({Weibull{0.7, 3_ms}}, 3 * g1, 9 * (g2 - g1 * g1));
  check_moments({Weibull{2, 3_ms}}, 3 * std::sqrt(std::acos(-1.0)) / 2, 9 * (1 - std::acos(-1.0) / 4));
  check_moments({Pareto{3, 2_ms, {}}}, 3, 3);
  check_moments({quantiles({{"0", 1_ms}, {"0.5", 3_ms}, {"1", 11_ms}})}, 4.5, 0.5 * (13.0 / 3 + 163.0 / 3) - 20.25);
  check_moments({samples({1_ms, 2_ms, 6_ms})}, 3, 14.0 / 3);
  check_moments({mixture({{3, {Constant{2_ms}}}, {1, {Exponential{10_ms}}}})}, 4, (3 * 4 + 200) / 4.0 - 16);
  check_moments({shifted(2_ms, {Exponential{5_ms}})}, 7, 25);
}

// Harchol-Balter, Performance Modeling and Design of Computer Systems (2013): L = 1 ms, H = 10 s, shape 1.5.
TEST_CASE("a truncated Pareto law has the published moments", "[random]") {
  const Distribution law{Pareto{1.5, 1_ms, 10_s}};
  CHECK(mean_ns(law) == Approx(2.97000297e6).epsilon(1e-9));
  CHECK(variance_ns2(law) + mean_ns(law) * mean_ns(law) == Approx(297.000297e12).epsilon(1e-9));
}

TEST_CASE("the moments of a truncated Pareto law go smoothly through the whole shapes", "[random]") {
  // Shape 1: low ln(h) / (1 - 1/h); shape 2: second moment 2 low^2 ln(h) / (1 - 1/h^2), with h = 100.
  const double first = std::log(100.0) / 0.99, second = 2 * std::log(100.0) / 0.9999;
  for (const double off : {0.0, 1e-12, 1e-9, -1e-9, 1e-7}) {
    CHECK(mean_ns({Pareto{1 + off, 1_ms, 100_ms}}) == Approx(first * 1e6).epsilon(1e-6));
    const Distribution law{Pareto{2 + off, 1_ms, 100_ms}};
    CHECK(variance_ns2(law) + std::pow(mean_ns(law), 2) == Approx(second * 1e12).epsilon(1e-6));
  }
}

TEST_CASE("heavy tails have infinite moments, and so has what contains one", "[random]") {
  CHECK(std::isinf(mean_ns({Pareto{1, 1_ms, {}}})));
  CHECK(std::isinf(variance_ns2({Pareto{1, 1_ms, {}}})));
  CHECK(std::isfinite(mean_ns({Pareto{1.5, 1_ms, {}}})));
  CHECK(std::isinf(variance_ns2({Pareto{1.5, 1_ms, {}}})));
  CHECK(std::isinf(variance_ns2({Pareto{2, 1_ms, {}}})));
  CHECK(std::isfinite(variance_ns2({Pareto{0.5, 1_ms, 10_s}})));
  const Distribution mixed{mixture({{99, {Constant{1_ms}}}, {1, {Pareto{0.9, 1_ms, {}}}}})};
  CHECK(std::isinf(mean_ns(mixed)));
  CHECK(std::isinf(variance_ns2(mixed)));
  CHECK(std::isinf(variance_ns2({shifted(1_ms, {Pareto{1.5, 1_ms, {}}})})));
}

TEST_CASE("a small variance survives a large mean", "[random]") {
  const Duration hours{36'000'000'000'000};
  CHECK(variance_ns2({Uniform{hours, hours + 12_us}}) == Approx(12e6));
  CHECK(variance_ns2({shifted(hours, {Exponential{1_us}})}) == Approx(1e6));
  CHECK(variance_ns2({samples({hours, hours + 2_us})}) == Approx(1e6));
  CHECK(variance_ns2({quantiles({{"0", hours}, {"1", hours + 12_us}})}) == Approx(12e6));
  CHECK(variance_ns2({mixture({{1, {Constant{hours}}}, {1, {Constant{hours + 2_us}}}})}) == Approx(1e6));
}

TEST_CASE("a law that always gives the same is known as a constant", "[random]") {
  CHECK(constant_of({}) == 0_ns);
  CHECK(constant_of({Constant{5_ms}}) == 5_ms);
  CHECK(constant_of({Uniform{5_ms, 5_ms}}) == 5_ms);
  CHECK(constant_of({by_p99(5_ms, 5_ms)}) == 5_ms);
  CHECK(constant_of({by_cv(5_ms, 0)}) == 5_ms);
  CHECK(constant_of({quantiles({{"0", 5_ms}, {"1", 5_ms}})}) == 5_ms);
  CHECK(constant_of({samples({5_ms, 5_ms})}) == 5_ms);
  CHECK(constant_of({shifted(2_ms, {Constant{3_ms}})}) == 5_ms);
  CHECK(constant_of({mixture({{1, {Constant{5_ms}}}, {2, {Uniform{5_ms, 5_ms}}}})}) == 5_ms);

  CHECK_FALSE(constant_of({Exponential{5_ms}}));
  CHECK_FALSE(constant_of({Uniform{5_ms, 6_ms}}));
  CHECK_FALSE(constant_of({by_p99(5_ms, 6_ms)}));
  CHECK_FALSE(constant_of({by_cv(5_ms, 0.1)}));
  CHECK_FALSE(constant_of({quantiles({{"0", 5_ms}, {"0.5", 5_ms}, {"1", 6_ms}})}));
  CHECK_FALSE(constant_of({samples({5_ms, 6_ms, 5_ms})}));
  CHECK_FALSE(constant_of({samples({})}));
  CHECK_FALSE(constant_of({shifted(2_ms, {Exponential{3_ms}})}));
  CHECK_FALSE(constant_of({mixture({{1, {Constant{5_ms}}}, {2, {Constant{6_ms}}}})}));
}

TEST_CASE("only a law that always gives zero is zero", "[random]") {
  CHECK(is_zero({}));
  CHECK(is_zero({Uniform{}}));
  CHECK(is_zero({shifted(0_ns, {Constant{}})}));
  CHECK_FALSE(is_zero({Constant{1_ns}}));
  CHECK_FALSE(is_zero({Uniform{0_ns, 1_ns}}));
  CHECK_FALSE(is_zero({shifted(1_ns, {Constant{}})}));
}

TEST_CASE("a uniform law's low is not above its high", "[random]") {
  CHECK(Uniform{1_ms, 2_ms}.problem().empty());
  CHECK(Uniform{2_ms, 2_ms}.problem().empty());
  CHECK(Uniform{3_ms, 2_ms}.problem() == "expected low not above high, found 3ms above 2ms");
}

TEST_CASE("a lognormal law is told by exactly one pair", "[random]") {
  CHECK(by_cv(5_ms, 2).problem().empty());
  CHECK(by_p99(12_ms, 90_ms).problem().empty());
  CHECK(by_p99(12_ms, 12_ms).problem().empty());
  CHECK(by_p99(90_ms, 12_ms).problem() == "expected p99 not below p50, found 12ms below 90ms");
  const std::string pairs = "expected either mean and cv, or p50 and p99, found ";
  CHECK(Lognormal{}.problem() == pairs + "none of them");
  CHECK(Lognormal{5_ms, {}, {}, {}}.problem() == pairs + "mean");
  CHECK(Lognormal{5_ms, {}, {}, 90_ms}.problem() == pairs + "mean p99");
  CHECK(Lognormal{5_ms, 1.0, 4_ms, {}}.problem() == pairs + "mean cv p50");
  CHECK(Lognormal{5_ms, 1.0, 4_ms, 90_ms}.problem() == pairs + "mean cv p50 p99");
}

TEST_CASE("a lognormal law's parameters give back its pair", "[random]") {
  for (const double cv : {0.1, 0.8, 3.0}) {
    const auto [mu, sigma] = parameters_of(by_cv(5_ms, cv));
    CHECK(std::exp(mu + sigma * sigma / 2) == Approx(5e6).epsilon(1e-12));
    CHECK(std::expm1(sigma * sigma) == Approx(cv * cv).epsilon(1e-12));
  }
  const auto [mu, sigma] = parameters_of(by_p99(12_ms, 90_ms));
  CHECK(std::exp(mu) == Approx(12e6).epsilon(1e-12));
  CHECK(std::exp(mu + 2.3263478740408411 * sigma) == Approx(90e6).epsilon(1e-12));
}

TEST_CASE("a Pareto law's maximum lies above its minimum", "[random]") {
  CHECK(Pareto{1.5, 1_ms, {}}.problem().empty());
  CHECK(Pareto{1.5, 1_ms, 2_ms}.problem().empty());
  CHECK(Pareto{1.5, 2_ms, 2_ms}.problem() == "expected a maximum above the minimum, found 2ms against 2ms");
  CHECK(Pareto{1.5, 2_ms, 1_ms}.problem() == "expected a maximum above the minimum, found 1ms against 2ms");
}

TEST_CASE("quantiles rise from 0 to 1", "[random]") {
  const auto problem = [](std::map<std::string, Duration> points) { return quantiles(std::move(points)).problem(); };
  CHECK(problem({{"0", 1_ms}, {"0.5", 8_ms}, {"0.99", 60_ms}, {"1", 200_ms}}).empty());
  CHECK(problem({{"0.0", 1_ms}, {".5", 1_ms}, {"1.00", 1_ms}}).empty());
  CHECK(problem({}) == "expected the quantiles 0 and 1 to be named, found none");
  CHECK(problem({{"0", 1_ms}, {"0.9", 2_ms}}) == "expected the quantiles 0 and 1 to be named, found 0 to 0.9");
  CHECK(problem({{"0.1", 1_ms}, {"1", 2_ms}}) == "expected the quantiles 0 and 1 to be named, found 0.1 to 1");
  for (const std::string key : {"1.5", "-0.5", "p50", "50%", "", ".", "0.5.5", "5e-1", " 0.5", "nan"})
    CHECK(problem({{"0", 1_ms}, {key, 2_ms}, {"1", 3_ms}}) ==
          "expected probabilities from 0 to 1 as keys, found '" + key + "'");
  CHECK(problem({{"0", 1_ms}, {"0.5", 2_ms}, {"0.50", 2_ms}, {"1", 3_ms}}) ==
        "expected every probability once, found '0.5' and '0.50'");
  CHECK(problem({{"0", 1_ms}, {"0.5", 9_ms}, {"1", 8_ms}}) ==
        "expected quantiles that do not fall as the probability grows, found 8ms at 1 after 9ms");
}

TEST_CASE("quantiles are ordered by probability, not by their text", "[random]") {
  const auto points = points_of(quantiles({{"0", 1_ms}, {".9", 3_ms}, {"0.25", 2_ms}, {"1", 4_ms}}));
  CHECK(points == std::vector<std::pair<double, double>>{{0, 1e6}, {0.25, 2e6}, {0.9, 3e6}, {1, 4e6}});
}

TEST_CASE("a mixture has parts", "[random]") {
  CHECK(mixture({{1, {Constant{1_ms}}}}).problem().empty());
  CHECK(mixture({}).problem() == "expected at least one part, found none");
}

}  // namespace sojourn
