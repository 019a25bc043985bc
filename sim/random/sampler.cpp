#include "sojourn/random/sampler.hpp"

#include <algorithm>
#include <cmath>

namespace sojourn {
namespace {

double ns(Duration d) { return static_cast<double>(d.ns); }

constexpr double below_one = 1 - 0x1p-53;  // the largest double below 1; 1 itself has no normal quantile

double standard_normal(Draw& draw) { return normal_quantile(std::min(draw.uniform(), below_one)); }

/// A gamma variate of unit scale. Source: Marsaglia and Tsang, ACM TOMS 26 (2000); shapes below 1 by their boost.
double unit_gamma(double shape, Draw& draw) {
  if (shape < 1) {
    const double boost = power(draw.uniform(), 1 / shape);
    return unit_gamma(shape + 1, draw) * boost;
  }
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = standard_normal(draw);
    const double t = 1 + c * x;
    if (t <= 0) continue;
    const double v = t * t * t;
    if (natural_log(draw.uniform()) < 0.5 * x * x + d * (1 - v + natural_log(v))) return d * v;
  }
}

constexpr std::uint32_t most_summed_stages = 16;

double erlang_sum(std::uint32_t stages, Draw& draw) {
  double product = 1;
  for (std::uint32_t i = 0; i < stages; ++i) product *= draw.uniform();  // at least 2^-848 for 16 stages
  return -natural_log(product);
}

}  // namespace

Sampler::Sampler(const Distribution& distribution) {
  if (const auto always = constant_of(distribution))
    set(Constant{*always});
  else
    std::visit([this](const auto& kind) { set(kind); }, distribution.kind);
}

void Sampler::set(const Constant& d) { fixed_ns_ = d.value.ns; }

void Sampler::set(const Exponential& d) {
  kind_ = Kind::exponential;
  a_ = ns(d.mean);
}

void Sampler::set(const Uniform& d) {
  kind_ = Kind::uniform;
  a_ = ns(d.low);
  b_ = ns(d.high) - ns(d.low);
}

void Sampler::set(const Erlang& d) {
  kind_ = d.k <= most_summed_stages ? Kind::erlang : Kind::gamma;
  stages_ = d.k;
  a_ = ns(d.mean) / d.k;
  b_ = d.k;
}

void Sampler::set(const Gamma& d) {
  kind_ = Kind::gamma;
  b_ = 1 / (d.cv * d.cv);
  a_ = ns(d.mean) / b_;
}

// Balanced means: both branches bring the same share of the mean.
void Sampler::set(const Hyperexponential& d) {
  kind_ = Kind::hyperexponential;
  const double square = d.cv * d.cv;
  c_ = (1 + std::sqrt((square - 1) / (square + 1))) / 2;
  a_ = ns(d.mean) / (2 * c_);
  b_ = ns(d.mean) / (2 * (1 - c_));
}

void Sampler::set(const Lognormal& d) {
  kind_ = Kind::lognormal;
  const auto [mu, sigma] = parameters_of(d);
  a_ = mu;
  b_ = sigma;
}

void Sampler::set(const Weibull& d) {
  kind_ = Kind::weibull;
  a_ = ns(d.scale);
  b_ = 1 / d.shape;
}

void Sampler::set(const Pareto& d) {
  kind_ = Kind::pareto;
  a_ = ns(d.minimum);
  b_ = -1 / d.shape;
  c_ = d.maximum ? power(ns(*d.maximum) / a_, -d.shape) : 0;  // what the tail beyond the maximum would weigh
}

void Sampler::set(const Quantiles& d) {
  kind_ = Kind::quantiles;
  for (const auto& [probability, value] : points_of(d)) table_.push_back({probability, value});
}

void Sampler::set(const Samples& d) {
  if (d.values.empty()) return;
  kind_ = Kind::samples;
  for (const Duration value : d.values) table_.push_back({0, ns(value)});
}

void Sampler::set(const Mixture& d) {
  kind_ = Kind::mixture;
  double sum = 0, total = 0;
  for (const MixturePart& part : d.parts) total += part.weight;
  for (const MixturePart& part : d.parts) {
    sum += part.weight / total;
    table_.push_back({sum, 0});
    parts_.emplace_back(part.of);
  }
}

void Sampler::set(const Shifted& d) {
  kind_ = Kind::shifted;
  a_ = ns(d.by);
  parts_.emplace_back(*d.of);
}

void Sampler::draw_block(DurationBlock& out, std::uint64_t key, std::uint64_t number, std::uint64_t site) const {
  DoubleBlock ns;
  if (kind_ == Kind::exponential) {
    exponential_block(ns, key, number, site, a_);
    return round_block(out, ns);
  }
  BitsBlock bits;
  sojourn::draw_block(bits, key, number, site);
  if (kind_ == Kind::lognormal) {
    for (std::size_t i = 0; i < block_length; ++i)
      ns[i] = a_ + b_ * normal_quantile(std::min(uniform_of(bits.first[i]), below_one));
    raise_block(ns);
    return round_block(out, ns);
  }
  for (std::size_t i = 0; i < block_length; ++i) {
    Draw draw(key, number + i, site, bits.first[i], bits.second[i]);
    out[i] = (*this)(draw);
  }
}

double Sampler::sample_ns(Draw& draw) const {
  switch (kind_) {
    case Kind::constant: return static_cast<double>(fixed_ns_);
    case Kind::exponential: return -a_ * natural_log(draw.uniform());
    case Kind::uniform: return a_ + b_ * draw.uniform();
    case Kind::erlang: return a_ * erlang_sum(stages_, draw);
    case Kind::gamma: return a_ * unit_gamma(b_, draw);
    case Kind::hyperexponential: {
      const double mean = draw.uniform() <= c_ ? a_ : b_;
      return -mean * natural_log(draw.uniform());
    }
    case Kind::lognormal: return exponential(a_ + b_ * standard_normal(draw));
    case Kind::weibull: return a_ * power(-natural_log(std::min(draw.uniform(), below_one)), b_);
    case Kind::pareto: return a_ * power(c_ + (1 - c_) * draw.uniform(), b_);
    case Kind::quantiles: return table_ns(draw.uniform());
    case Kind::samples: return table_[static_cast<std::size_t>(draw.below(table_.size()))].value_ns;
    case Kind::mixture: return mixture_ns(draw);
    case Kind::shifted: return a_ + static_cast<double>(parts_.front()(draw).ns);
  }
  return 0;
}

double Sampler::table_ns(double u) const {
  const auto above = std::lower_bound(table_.begin() + 1, table_.end() - 1, u,
                                      [](const Point& point, double p) { return point.probability < p; });
  const Point& a = *(above - 1);
  const Point& b = *above;
  return a.value_ns + (b.value_ns - a.value_ns) * (u - a.probability) / (b.probability - a.probability);
}

double Sampler::mixture_ns(Draw& draw) const {
  const double u = draw.uniform();
  std::size_t i = 0;
  while (i + 1 < table_.size() && u > table_[i].probability) ++i;
  return static_cast<double>(parts_[i](draw).ns);
}

}  // namespace sojourn
