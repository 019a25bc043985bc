#include "sojourn/experiment/overload.hpp"

#include <cmath>
#include <optional>
#include <vector>

#include "sojourn/stats/estimate.hpp"

namespace sojourn {

namespace {

constexpr double confidence = 0.99;
constexpr double least_growth = 2;   // jobs between first and last quarter: less is nobody's concern
constexpr double least_share = 0.1;  // of what waits in the last quarter

template <class Of>
Estimate mean_over(std::span<const Quarters> replications, const Of& of) {
  std::vector<double> values;
  for (const Quarters& quarters : replications) values.push_back(of(quarters));
  return mean_of(values, confidence).value_or(Estimate{});
}

/// Mean over standard deviation of what waits in the last quarter, and what that of a queue at its limit stays below.
bool exceeds_the_limit(std::span<const Quarters> replications, double mean) {
  constexpr double at_the_limit = 1.3236;  // sqrt(2 / pi) / sqrt(1 - 2 / pi)
  std::vector<double> last;
  for (const Quarters& quarters : replications) last.push_back(quarters[3]);
  const auto error = standard_error_about(mean, last);
  if (!error) return false;
  const auto n = static_cast<double>(last.size());
  const double deviation = *error * std::sqrt(n);
  // The standard error of a ratio r of mean and deviation is about sqrt((1 + r^2 / 2) / n); 2.3 of them are one in a hundred.
  const double by_chance = 2.3 * std::sqrt((1 + at_the_limit * at_the_limit / 2) / n);
  return mean > (at_the_limit + by_chance) * deviation;
}

}  // namespace

Overload overload_of(std::span<const Quarters> replications, bool full) {
  if (replications.size() < 2) return Overload::no;
  const Estimate whole = mean_over(replications, [](const Quarters& q) { return q[3] - q[0]; });
  const double last = mean_over(replications, [](const Quarters& q) { return q[3]; }).value;
  const double late = mean_over(replications, [](const Quarters& q) { return q[3] - q[2]; }).value;
  const double middle = mean_over(replications, [](const Quarters& q) { return q[2] - q[1]; }).value;
  if (whole.value < least_growth || whole.value < least_share * last) return Overload::no;
  const double least_step = whole.value / 6;  // half of an even step
  const bool beyond_chance = whole.half_width && whole.value > *whole.half_width;
  if (!beyond_chance || late < least_step || middle < least_step) return full ? Overload::unclear : Overload::no;
  return exceeds_the_limit(replications, last) ? Overload::yes : Overload::unclear;
}

}  // namespace sojourn
