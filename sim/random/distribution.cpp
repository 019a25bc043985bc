#include "sojourn/random/distribution.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "sojourn/random/math.hpp"

namespace sojourn {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

struct Moments {
  double mean = 0;
  double variance = 0;
};

Moments moments_of(const Distribution& distribution);

double ns(Duration d) { return static_cast<double>(d.ns); }

Moments by_cv(double mean, double cv) { return {mean, mean * mean * cv * cv}; }

// Lanczos' approximation (g = 7, n = 9), relative error 1e-15; for Weibull's moments only.
double gamma_function(double x) {
  static constexpr std::array c{0.99999999999980993,  676.5203681218851,     -1259.1392167224028,
                                771.32342877765313,   -176.61502916214059,   12.507343278686905,
                                -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7};
  const double z = x - 1;
  double sum = c[0];
  for (std::size_t i = 1; i < c.size(); ++i) sum += c[i] / (z + static_cast<double>(i));
  const double t = z + 7.5;
  return 2.5066282746310005024 * exponential((z + 0.5) * natural_log(t) - t) * sum;
}

Moments of(const Constant& d) { return {ns(d.value), 0}; }
Moments of(const Exponential& d) { return by_cv(ns(d.mean), 1); }
Moments of(const Uniform& d) {
  const double width = ns(d.high) - ns(d.low);
  return {ns(d.low) + width / 2, width * width / 12};
}
Moments of(const Erlang& d) { return by_cv(ns(d.mean), 1 / std::sqrt(static_cast<double>(d.k))); }
Moments of(const Gamma& d) { return by_cv(ns(d.mean), d.cv); }
Moments of(const Hyperexponential& d) { return by_cv(ns(d.mean), d.cv); }
Moments of(const Lognormal& d) {
  if (d.mean) return by_cv(ns(*d.mean), *d.cv);
  const auto [mu, sigma] = parameters_of(d);
  const double mean = exponential(mu + sigma * sigma / 2);
  return {mean, mean * mean * (exponential(sigma * sigma) - 1)};
}
Moments of(const Weibull& d) {
  const double mean = gamma_function(1 + 1 / d.shape), second = gamma_function(1 + 2 / d.shape);
  return {ns(d.scale) * mean, ns(d.scale) * ns(d.scale) * (second - mean * mean)};
}

// E[(X / low)^n] of a Pareto law on [low, high): shape / (1 - (low/high)^shape) times the integral of x^(n-shape-1).
double pareto_moment(double shape, double high_to_low, double n) {
  const double excess = n - shape;
  const double integral =
      std::fabs(excess) < 1e-8 ? natural_log(high_to_low) : (power(high_to_low, excess) - 1) / excess;
  return shape * integral / (1 - power(high_to_low, -shape));
}
Moments of(const Pareto& d) {
  const double low = ns(d.minimum), a = d.shape;
  if (d.maximum) {
    const double ratio = ns(*d.maximum) / low, mean = pareto_moment(a, ratio, 1);
    return {low * mean, low * low * (pareto_moment(a, ratio, 2) - mean * mean)};
  }
  if (a <= 1) return {infinite, infinite};
  return {low * a / (a - 1), a > 2 ? low * low * a / ((a - 1) * (a - 1) * (a - 2)) : infinite};
}

/// A law that is one of several.
class Blend {
 public:
  void add(double weight, const Moments& part) {
    weights_.push_back(weight);
    parts_.push_back(part);
  }
  // By deviations from the common mean: a difference of squares would lose a small variance.
  [[nodiscard]] Moments moments() const {
    double total = 0;
    Moments sum;
    for (const double weight : weights_) total += weight;
    for (std::size_t i = 0; i < parts_.size(); ++i) sum.mean += weights_[i] / total * parts_[i].mean;
    if (!std::isfinite(sum.mean)) return {sum.mean, infinite};
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const double off = parts_[i].mean - sum.mean;
      sum.variance += weights_[i] / total * (parts_[i].variance + off * off);
    }
    return sum;
  }

 private:
  std::vector<double> weights_;
  std::vector<Moments> parts_;
};

Moments of(const Quantiles& d) {
  Blend blend;
  const auto points = points_of(d);
  for (std::size_t i = 1; i < points.size(); ++i) {
    const double width = points[i].second - points[i - 1].second;
    blend.add(points[i].first - points[i - 1].first, {points[i - 1].second + width / 2, width * width / 12});
  }
  return blend.moments();
}
Moments of(const Samples& d) {
  Blend blend;
  for (const Duration value : d.values) blend.add(1, {ns(value), 0});
  return blend.moments();
}
Moments of(const Mixture& d) {
  Blend blend;
  for (const MixturePart& part : d.parts) blend.add(part.weight, moments_of(part.of));
  return blend.moments();
}
Moments of(const Shifted& d) {
  const Moments m = moments_of(*d.of);
  return {m.mean + ns(d.by), m.variance};
}

Moments moments_of(const Distribution& distribution) {
  return std::visit([](const auto& kind) { return of(kind); }, distribution.kind);
}

using Always = std::optional<Duration>;

template <class Law>
Always always(const Law&) {
  return std::nullopt;
}
Always always(const Constant& d) { return d.value; }
Always always(const Uniform& d) { return d.low == d.high ? Always(d.low) : std::nullopt; }
Always always(const Lognormal& d) {
  if (d.p50) return d.p50 == d.p99 ? d.p50 : std::nullopt;
  return d.cv == 0.0 ? d.mean : std::nullopt;
}
/// The value that all of these have.
template <class Range, class ValueOf>
Always common(const Range& range, const ValueOf& value_of) {
  if (range.empty()) return std::nullopt;
  const Always first = value_of(*range.begin());
  for (const auto& part : range)
    if (value_of(part) != first) return std::nullopt;
  return first;
}
Always always(const Quantiles& d) {
  return common(d.points, [](const auto& point) { return Always(point.second); });
}
Always always(const Samples& d) {
  return common(d.values, [](Duration value) { return Always(value); });
}
Always always(const Mixture& d) {
  return common(d.parts, [](const MixturePart& part) { return constant_of(part.of); });
}
Always always(const Shifted& d) {
  const Always of = constant_of(*d.of);
  return of ? Always(*of + d.by) : std::nullopt;
}

/// A probability written as a key: at most 18 digits and one point; nothing when it is none.
std::optional<double> parse_probability(const std::string& text) {
  double value = 0, scale = 1;
  bool point = false, digits = false;
  for (const char c : text) {
    if (c == '.' && !point) {
      point = true;
    } else if (c >= '0' && c <= '9') {
      digits = true;
      value = value * 10 + (c - '0');
      if (point) scale *= 10;
    } else {
      return std::nullopt;
    }
  }
  if (!digits || text.size() > 18) return std::nullopt;
  return value / scale;
}

}  // namespace

std::string Uniform::problem() const {
  return low <= high ? "" : "expected low not above high, found " + to_text(low) + " above " + to_text(high);
}

std::string Lognormal::problem() const {
  const bool by_moments = mean && cv && !p50 && !p99;
  const bool by_quantiles = p50 && p99 && !mean && !cv;
  if (!by_moments && !by_quantiles) {
    std::string found;
    const auto name = [&found](bool is_there, const char* word) {
      if (is_there) found += (found.empty() ? "" : " ") + std::string(word);
    };
    name(mean.has_value(), "mean");
    name(cv.has_value(), "cv");
    name(p50.has_value(), "p50");
    name(p99.has_value(), "p99");
    return "expected either mean and cv, or p50 and p99, found " + (found.empty() ? "none of them" : found);
  }
  if (by_quantiles && *p99 < *p50)
    return "expected p99 not below p50, found " + to_text(*p99) + " below " + to_text(*p50);
  return "";
}

std::string Pareto::problem() const {
  if (!maximum || *maximum > minimum) return "";
  return "expected a maximum above the minimum, found " + to_text(*maximum) + " against " + to_text(minimum);
}

std::string Quantiles::problem() const {
  struct Quantile {
    double p;
    Duration value;
    std::string text;
  };
  std::vector<Quantile> sorted;
  for (const auto& [text, value] : points) {
    const auto p = parse_probability(text);
    if (!p || *p > 1) return "expected probabilities from 0 to 1 as keys, found '" + text + "'";
    sorted.push_back({*p, value, text});
  }
  if (sorted.empty()) return "expected the quantiles 0 and 1 to be named, found none";
  std::sort(sorted.begin(), sorted.end(), [](const Quantile& a, const Quantile& b) { return a.p < b.p; });
  if (sorted.front().p != 0 || sorted.back().p != 1)
    return "expected the quantiles 0 and 1 to be named, found " + sorted.front().text + " to " + sorted.back().text;
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    const Quantile &last = sorted[i - 1], &next = sorted[i];
    if (next.p == last.p) return "expected every probability once, found '" + last.text + "' and '" + next.text + "'";
    if (next.value < last.value)
      return "expected quantiles that do not fall as the probability grows, found " + to_text(next.value) + " at " +
             next.text + " after " + to_text(last.value);
  }
  return "";
}

std::string Mixture::problem() const { return parts.empty() ? "expected at least one part, found none" : ""; }

std::vector<std::pair<double, double>> points_of(const Quantiles& quantiles) {
  std::vector<std::pair<double, double>> points;
  for (const auto& [text, value] : quantiles.points)
    points.emplace_back(parse_probability(text).value_or(0), ns(value));
  std::sort(points.begin(), points.end());
  return points;
}

LognormalParameters parameters_of(const Lognormal& lognormal) {
  constexpr double z99 = 2.3263478740408411;  // the 0.99-quantile of the standard normal law
  if (lognormal.p50) {
    const double mu = natural_log(ns(*lognormal.p50));
    return {mu, (natural_log(ns(*lognormal.p99)) - mu) / z99};
  }
  const double cv = *lognormal.cv;
  const double variance = natural_log(1 + cv * cv);
  return {natural_log(ns(*lognormal.mean)) - variance / 2, std::sqrt(variance)};
}

double mean_ns(const Distribution& distribution) { return moments_of(distribution).mean; }

double variance_ns2(const Distribution& distribution) { return moments_of(distribution).variance; }

std::optional<Duration> constant_of(const Distribution& distribution) {
  return std::visit([](const auto& kind) { return always(kind); }, distribution.kind);
}

bool is_zero(const Distribution& distribution) {
  const auto constant = constant_of(distribution);
  return constant && constant->ns == 0;
}

}  // namespace sojourn
