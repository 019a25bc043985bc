#pragma once
// The compiled form of a law: constants worked out, ready to draw from.

#include <cstdint>
#include <vector>

#include "sojourn/core/time.hpp"
#include "sojourn/random/distribution.hpp"
#include "sojourn/random/draw.hpp"
#include "sojourn/random/draw_block.hpp"
#include "sojourn/random/math.hpp"

namespace sojourn {

/// Draws durations from a law, rounded to whole nanoseconds. By inversion wherever that is practical, so that the same
/// random numbers give larger times under a larger law.
class Sampler {
 public:
  /// Always zero.
  Sampler() = default;
  explicit Sampler(const Distribution& distribution);

  /// Whether every draw gives the same, and no random number is used.
  [[nodiscard]] bool is_constant() const { return kind_ == Kind::constant; }
  /// That value.
  [[nodiscard]] Duration constant() const { return {fixed_ns_}; }

  Duration operator()(Draw& draw) const {
    if (kind_ == Kind::constant) return {fixed_ns_};
    if (kind_ == Kind::exponential) return from_ns(-a_ * natural_log(draw.uniform()));
    return from_ns(sample_ns(draw));
  }

  /// What it draws for Draw(key, number + i, site), for each i.
  void draw_block(DurationBlock& out, std::uint64_t key, std::uint64_t number, std::uint64_t site) const;

 private:
  enum class Kind : std::uint8_t {
    constant,
    exponential,
    uniform,
    erlang,
    gamma,
    hyperexponential,
    lognormal,
    weibull,
    pareto,
    quantiles,
    samples,
    mixture,
    shifted
  };
  struct Point {
    double probability, value_ns;
  };

  [[nodiscard]] double sample_ns(Draw& draw) const;
  [[nodiscard]] double table_ns(double u) const;
  [[nodiscard]] double mixture_ns(Draw& draw) const;

  void set(const Constant& d);
  void set(const Exponential& d);
  void set(const Uniform& d);
  void set(const Erlang& d);
  void set(const Gamma& d);
  void set(const Hyperexponential& d);
  void set(const Lognormal& d);
  void set(const Weibull& d);
  void set(const Pareto& d);
  void set(const Quantiles& d);
  void set(const Samples& d);
  void set(const Mixture& d);
  void set(const Shifted& d);

  Kind kind_ = Kind::constant;
  std::uint32_t stages_ = 0;
  std::int64_t fixed_ns_ = 0;
  double a_ = 0, b_ = 0, c_ = 0;  // parameters of the kind
  std::vector<Point> table_;      // quantiles; samples; cumulative weights of a mixture
  std::vector<Sampler> parts_;    // of a mixture, or the law that is shifted
};

}  // namespace sojourn
