#pragma once
// The laws that times are drawn from, as a scenario writes them: a duration (a constant), or an object with one key.
// To add one: a struct here, its name in the variant, its moments in distribution.cpp, its draw in sampler.cpp.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "sojourn/core/box.hpp"
#include "sojourn/core/describe.hpp"
#include "sojourn/core/time.hpp"

namespace sojourn {

/// Always the same.
struct Constant {
  Duration value;

  static constexpr std::string_view key = "";
  static constexpr std::string_view sentence = "always the same";
  static constexpr bool bare = true;
  static constexpr auto fields() { return std::tuple{required("", &Constant::value, "the value")}; }
};

/// Without memory; cv 1.
struct Exponential {
  Duration mean;

  static constexpr std::string_view key = "exponential";
  static constexpr std::string_view sentence = "without memory; cv 1";
  static constexpr bool bare = true;
  static constexpr auto fields() {
    return std::tuple{required("exponential", &Exponential::mean, "mean", more_than(0))};
  }
};

/// Even between two bounds.
struct Uniform {
  Duration low, high;

  static constexpr std::string_view key = "uniform";
  static constexpr std::string_view sentence = "even between two bounds";
  static constexpr auto fields() {
    return std::tuple{required("low", &Uniform::low, "smallest value"),
                      required("high", &Uniform::high, "largest value")};
  }
  [[nodiscard]] std::string problem() const;
};

/// The sum of k exponential stages; cv 1/sqrt(k).
struct Erlang {
  std::uint32_t k = 1;
  Duration mean;

  static constexpr std::string_view key = "erlang";
  static constexpr std::string_view sentence = "the sum of k exponential stages; cv 1/sqrt(k)";
  static constexpr auto fields() {
    return std::tuple{required("k", &Erlang::k, "number of stages", between(1, 1e6)),
                      required("mean", &Erlang::mean, "mean", more_than(0))};
  }
};

/// Any coefficient of variation.
struct Gamma {
  Duration mean;
  double cv = 1;

  static constexpr std::string_view key = "gamma";
  static constexpr std::string_view sentence = "a gamma law with any coefficient of variation";
  static constexpr auto fields() {
    return std::tuple{required("mean", &Gamma::mean, "mean", more_than(0)),
                      required("cv", &Gamma::cv, "coefficient of variation: standard deviation over mean",
                               Bound{.minimum = 0, .maximum = 1000, .above_minimum = true})};
  }
};

/// One of two exponentials with balanced means: more varied than one.
struct Hyperexponential {
  Duration mean;
  double cv = 1;

  static constexpr std::string_view key = "hyperexponential";
  static constexpr std::string_view sentence = "one of two exponentials with balanced means, cv at least 1";
  static constexpr auto fields() {
    return std::tuple{required("mean", &Hyperexponential::mean, "mean", more_than(0)),
                      required("cv", &Hyperexponential::cv, "coefficient of variation", between(1, 1e6))};
  }
};

/// By mean and cv, or by median and 99th percentile.
struct Lognormal {
  std::optional<Duration> mean;
  std::optional<double> cv;
  std::optional<Duration> p50, p99;

  static constexpr std::string_view key = "lognormal";
  static constexpr std::string_view sentence = "a lognormal law, by mean and cv or by p50 and p99";
  static constexpr auto fields() {
    return std::tuple{optional("mean", &Lognormal::mean, "mean", more_than(0)),
                      optional("cv", &Lognormal::cv, "coefficient of variation", between(0, 1e6)),
                      optional("p50", &Lognormal::p50, "median", more_than(0)),
                      optional("p99", &Lognormal::p99, "99th percentile", more_than(0))};
  }
  [[nodiscard]] std::string problem() const;
};

/// Weibull: lifetimes; shape below 1 has a heavy tail.
struct Weibull {
  double shape = 1;
  Duration scale;

  static constexpr std::string_view key = "weibull";
  static constexpr std::string_view sentence = "a Weibull law; a shape below 1 has a heavy tail";
  static constexpr auto fields() {
    return std::tuple{
        required("shape", &Weibull::shape, "shape", Bound{.minimum = 0, .maximum = 1e6, .above_minimum = true}),
        required("scale", &Weibull::scale, "scale", more_than(0))};
  }
};

/// A power tail; a maximum conditions it, it does not clamp.
struct Pareto {
  double shape = 1;
  Duration minimum;
  std::optional<Duration> maximum;

  static constexpr std::string_view key = "pareto";
  static constexpr std::string_view sentence = "a power tail; a maximum truncates (conditions, not clamps)";
  static constexpr auto fields() {
    return std::tuple{
        required("shape", &Pareto::shape, "exponent of the tail",
                 Bound{.minimum = 0, .maximum = 1e6, .above_minimum = true}),
        required("minimum", &Pareto::minimum, "smallest value", more_than(0)),
        optional("maximum", &Pareto::maximum, "largest value; without it the tail has no end", more_than(0))};
  }
  [[nodiscard]] std::string problem() const;
};

/// A piecewise linear inverse: probability to value.
struct Quantiles {
  std::map<std::string, Duration> points;

  static constexpr std::string_view key = "quantiles";
  static constexpr std::string_view sentence = "known quantiles, straight lines between them";
  static constexpr bool bare = true;
  static constexpr auto fields() {
    return std::tuple{required("quantiles", &Quantiles::points, "probability to value; 0 and 1 must be named")};
  }
  [[nodiscard]] std::string problem() const;
};

/// Measured values, drawn with replacement.
struct Samples {
  std::string file;
  std::vector<Duration> values;  ///< loaded by the reader, not written in the scenario

  static constexpr std::string_view key = "samples";
  static constexpr std::string_view sentence = "measured values from a file, drawn with replacement";
  static constexpr bool bare = true;
  static constexpr auto fields() { return std::tuple{required("samples", &Samples::file, "one duration a line")}; }
};

struct MixturePart;

/// One of several laws, by weight.
struct Mixture {
  std::vector<MixturePart> parts;

  static constexpr std::string_view key = "mixture";
  static constexpr std::string_view sentence = "one of several laws, by weight";
  static constexpr bool bare = true;
  static constexpr auto fields() {
    return std::tuple{required("mixture", &Mixture::parts, "the laws and their weights, which are normalised")};
  }
  [[nodiscard]] std::string problem() const;
};

struct Distribution;

/// Another law, later by a constant.
struct Shifted {
  Duration by;
  Box<Distribution> of;

  static constexpr std::string_view key = "shifted";
  static constexpr std::string_view sentence = "another law plus a constant";
  static constexpr auto fields() {
    return std::tuple{required("by", &Shifted::by, "the constant"), required("of", &Shifted::of, "the law")};
  }
};

/// A law that times are drawn from.
struct Distribution {
  std::variant<Constant, Exponential, Uniform, Erlang, Gamma, Hyperexponential, Lognormal, Weibull, Pareto, Quantiles,
               Samples, Mixture, Shifted>
      kind;
};

/// A law of a mixture.
struct MixturePart {
  double weight = 1;
  Distribution of;

  static constexpr auto fields() {
    return std::tuple{required("weight", &MixturePart::weight, "relative weight", more_than(0)),
                      required("of", &MixturePart::of, "the law")};
  }
};

/// Mean in nanoseconds; infinite where the law has none.
[[nodiscard]] double mean_ns(const Distribution& distribution);

/// Variance in square nanoseconds; infinite where the law has none.
[[nodiscard]] double variance_ns2(const Distribution& distribution);

/// The value of a law that always gives the same.
[[nodiscard]] std::optional<Duration> constant_of(const Distribution& distribution);

/// Whether it is always zero.
[[nodiscard]] bool is_zero(const Distribution& distribution);

/// Points of a quantiles law as numbers, ascending; to be asked of a sound law only.
[[nodiscard]] std::vector<std::pair<double, double>> points_of(const Quantiles& quantiles);

/// Mu and sigma of a lognormal law, of the logarithm of nanoseconds.
struct LognormalParameters {
  double mu = 0, sigma = 0;
};
[[nodiscard]] LognormalParameters parameters_of(const Lognormal& lognormal);

}  // namespace sojourn
