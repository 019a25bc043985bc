#include "sojourn/stats/estimate.hpp"

#include <cassert>
#include <cmath>

#include "sojourn/stats/student.hpp"
#include "sojourn/stats/sum.hpp"

namespace sojourn {

std::optional<double> standard_error_about(double centre, std::span<const double> values) {
  if (values.size() < 2) return std::nullopt;
  CompensatedSum squares;
  for (const double x : values) squares.add((x - centre) * (x - centre));
  const auto n = static_cast<double>(values.size());
  return std::sqrt(squares.value() / (n - 1) / n);
}

Estimate estimate_about(double centre, std::span<const double> values, double confidence) {
  assert(confidence > 0 && confidence < 1);
  Estimate estimate{.value = centre, .half_width = standard_error_about(centre, values), .n = values.size()};
  if (estimate.half_width)
    *estimate.half_width *= student_t_quantile((1 + confidence) / 2, static_cast<double>(values.size() - 1));
  return estimate;
}

std::optional<Estimate> mean_of(std::span<const double> replication_means, double confidence) {
  if (replication_means.empty()) return std::nullopt;
  return estimate_about(mean_value(replication_means), replication_means, confidence);
}

std::optional<Estimate> section(double merged_quantile, std::span<const double> replication_quantiles,
                                double confidence) {
  if (replication_quantiles.empty()) return std::nullopt;
  return estimate_about(merged_quantile, replication_quantiles, confidence);
}

}  // namespace sojourn
