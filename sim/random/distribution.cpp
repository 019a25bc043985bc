#include "sojourn/random/distribution.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sojourn/random/math.hpp"

namespace sojourn {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

struct Moments {
  double mean = 0;
  double second = 0;  // about zero
};

Moments moments_of(const Distribution& distribution);

double ns(Duration d) { return static_cast<double>(d.ns); }

Moments by_cv(double mean, double cv) { return {mean, mean * mean * (1 + cv * cv)}; }

// Lanczos' approximation (g = 7, n = 9), relative error 1e-15; for Weibull's moments only.
double gamma_function(double x) {
  static constexpr double c[] = {0.99999999999980993,  676.5203681218851,     -1259.1392167224028,
                                 771.32342877765313,   -176.61502916214059,   12.507343278686905,
                                 -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7};
  const double z = x - 1;
  double sum = c[0];
  for (int i = 1; i < 9; ++i) sum += c[i] / (z + i);
  const double t = z + 7.5;
  return 2.5066282746310005024 * exponential((z + 0.5) * natural_log(t) - t) * sum;
}

Moments of(const Constant& d) { return by_cv(ns(d.value), 0); }
Moments of(const Exponential& d) { return by_cv(ns(d.mean), 1); }
Moments of(const Uniform& d) {
  const double a = ns(d.low), b = ns(d.high);
  return {(a + b) / 2, (a * a + a * b + b * b) / 3};
}
Moments of(const Erlang& d) { return by_cv(ns(d.mean), 1 / std::sqrt(static_cast<double>(d.k))); }
Moments of(const Gamma& d) { return by_cv(ns(d.mean), d.cv); }
Moments of(const Hyperexponential& d) { return by_cv(ns(d.mean), d.cv); }
Moments of(const Lognormal& d) {
  const auto [mu, sigma] = parameters_of(d);
  return {exponential(mu + sigma * sigma / 2), exponential(2 * mu + 2 * sigma * sigma)};
}
Moments of(const Weibull& d) {
  const double scale = ns(d.scale);
  return {scale * gamma_function(1 + 1 / d.shape), scale * scale * gamma_function(1 + 2 / d.shape)};
}

// E[X^n] of a Pareto law on [low, high): shape low^shape / (1 - (low/high)^shape) times the integral of x^(n-shape-1).
double pareto_moment(const Pareto& d, double n) {
  const double low = ns(d.minimum), a = d.shape;
  if (!d.maximum) return a > n ? a * power(low, n) / (a - n) : infinite;
  const double ratio = ns(*d.maximum) / low;
  if (ratio <= 1) return power(low, n);
  const double integral = std::fabs(a - n) < 1e-12 ? natural_log(ratio) : (1 - power(ratio, n - a)) / (a - n);
  return a * power(low, n) * integral / (1 - power(ratio, -a));
}
Moments of(const Pareto& d) { return {pareto_moment(d, 1), pareto_moment(d, 2)}; }

Moments of(const Quantiles& d) {
  Moments sum;
  const auto points = points_of(d);
  for (std::size_t i = 1; i < points.size(); ++i) {
    const double share = points[i].first - points[i - 1].first;
    const double a = points[i - 1].second, b = points[i].second;
    sum.mean += share * (a + b) / 2;
    sum.second += share * (a * a + a * b + b * b) / 3;
  }
  return sum;
}
Moments of(const Samples& d) {
  Moments sum;
  for (const Duration value : d.values) {
    sum.mean += ns(value);
    sum.second += ns(value) * ns(value);
  }
  const double n = std::max(1.0, static_cast<double>(d.values.size()));
  return {sum.mean / n, sum.second / n};
}
Moments of(const Mixture& d) {
  Moments sum;
  double total = 0;
  for (const MixturePart& part : d.parts) {
    const Moments m = moments_of(part.of);
    sum.mean += part.weight * m.mean;
    sum.second += part.weight * m.second;
    total += part.weight;
  }
  return {sum.mean / total, sum.second / total};
}
Moments of(const Shifted& d) {
  const Moments m = moments_of(*d.of);
  const double by = ns(d.by);
  return {m.mean + by, m.second + 2 * by * m.mean + by * by};
}

Moments moments_of(const Distribution& distribution) {
  return std::visit([](const auto& kind) { return of(kind); }, distribution.kind);
}

/// A probability written as a key: digits, at most one point, perhaps an exponent; nothing when it is none.
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
  if (!by_moments && !by_quantiles) return "expected either mean and cv, or p50 and p99";
  if (by_quantiles && *p99 < *p50)
    return "expected p99 not below p50, found " + to_text(*p99) + " below " + to_text(*p50);
  return "";
}

std::string Pareto::problem() const {
  if (!maximum || *maximum > minimum) return "";
  return "expected a maximum above the minimum, found " + to_text(*maximum) + " against " + to_text(minimum);
}

std::string Quantiles::problem() const {
  std::vector<std::pair<double, Duration>> sorted;
  for (const auto& [text, value] : points) {
    const auto p = parse_probability(text);
    if (!p || *p > 1) return "expected probabilities from 0 to 1 as keys, found '" + text + "'";
    sorted.emplace_back(*p, value);
  }
  std::sort(sorted.begin(), sorted.end());
  if (sorted.size() < 2 || sorted.front().first != 0 || sorted.back().first != 1)
    return "expected the quantiles 0 and 1 to be named";
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i].first == sorted[i - 1].first) return "expected every probability once";
    if (sorted[i].second < sorted[i - 1].second) return "expected quantiles that do not fall as the probability grows";
  }
  return "";
}

std::string Mixture::problem() const { return parts.empty() ? "expected at least one part" : ""; }

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

double variance_ns2(const Distribution& distribution) {
  const Moments m = moments_of(distribution);
  if (!std::isfinite(m.mean) || !std::isfinite(m.second)) return infinite;
  return std::max(0.0, m.second - m.mean * m.mean);
}

std::optional<Duration> constant_of(const Distribution& distribution) {
  if (const auto* constant = std::get_if<Constant>(&distribution.kind)) return constant->value;
  return std::nullopt;
}

bool is_zero(const Distribution& distribution) {
  const auto constant = constant_of(distribution);
  return constant && constant->ns == 0;
}

}  // namespace sojourn
