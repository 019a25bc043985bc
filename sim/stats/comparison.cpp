#include "sojourn/stats/comparison.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "sojourn/stats/student.hpp"
#include "sojourn/stats/sum.hpp"

namespace sojourn {

namespace {

using Sections = std::span<const std::optional<double>>;

/// The replications in which both sides have a value.
struct Pairs {
  std::vector<double> baseline;
  std::vector<double> variant;
  std::vector<double> differences;
};

Pairs pairs_of(Sections baseline, Sections variant) {
  assert(baseline.size() == variant.size());
  Pairs pairs;
  for (std::size_t i = 0; i < std::min(baseline.size(), variant.size()); ++i) {
    if (!baseline[i] || !variant[i]) continue;
    pairs.baseline.push_back(*baseline[i]);
    pairs.variant.push_back(*variant[i]);
    pairs.differences.push_back(*variant[i] - *baseline[i]);
  }
  return pairs;
}

/// The sum of (x_i - mean of x) (y_i - mean of y).
double comoment(std::span<const double> x, std::span<const double> y) {
  const double mean_x = mean_value(x);
  const double mean_y = mean_value(y);
  CompensatedSum sum;
  for (std::size_t i = 0; i < x.size(); ++i) sum.add((x[i] - mean_x) * (y[i] - mean_y));
  return sum.value();
}

std::optional<double> correlation_of(const Pairs& pairs) {
  const double xx = comoment(pairs.baseline, pairs.baseline);
  const double yy = comoment(pairs.variant, pairs.variant);
  if (xx <= 0 || yy <= 0) return std::nullopt;
  const double slope = comoment(pairs.baseline, pairs.variant) / xx;
  return std::clamp(slope * std::sqrt(xx / yy), -1.0, 1.0);  // in this form identical sides give exactly 1
}

std::optional<double> p_value_of(double centre, std::span<const double> differences) {
  const auto error = standard_error_about(centre, differences);
  if (!error) return std::nullopt;
  if (*error == 0) return centre == 0 ? 1.0 : 0.0;
  return 2 * student_t_upper_tail(std::fabs(centre) / *error, static_cast<double>(differences.size() - 1));
}

PairedDifference compare_about(double centre, double baseline, double variant, const Pairs& pairs, double confidence) {
  PairedDifference result;
  result.difference = estimate_about(centre, pairs.differences, confidence);
  if (baseline != 0) result.ratio = variant / baseline;
  result.correlation = correlation_of(pairs);
  result.p_value = p_value_of(centre, pairs.differences);
  return result;
}

}  // namespace

std::optional<PairedDifference> compare_paired(Sections baseline, Sections variant, double confidence) {
  const Pairs pairs = pairs_of(baseline, variant);
  if (pairs.differences.empty()) return std::nullopt;
  return compare_about(mean_value(pairs.differences), mean_value(pairs.baseline), mean_value(pairs.variant), pairs,
                       confidence);
}

std::optional<PairedDifference> compare_paired_quantiles(double merged_baseline, double merged_variant,
                                                         Sections baseline_sections, Sections variant_sections,
                                                         double confidence) {
  const Pairs pairs = pairs_of(baseline_sections, variant_sections);
  if (pairs.differences.empty()) return std::nullopt;
  return compare_about(merged_variant - merged_baseline, merged_baseline, merged_variant, pairs, confidence);
}

std::vector<double> holm(std::span<const double> p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size());
  double largest = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    largest = std::max(largest, static_cast<double>(order.size() - k) * p_values[order[k]]);
    adjusted[order[k]] = std::min(1.0, largest);
  }
  return adjusted;
}

}  // namespace sojourn
