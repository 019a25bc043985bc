#pragma once
// Estimates with their uncertainty. The replication is the unit of evidence: never an interval from one correlated stream.

#include <cstdint>
#include <optional>
#include <span>

namespace sojourn {

/// A number, how far off it may be, and how many replications it rests on.
struct Estimate {
  double value = 0;
  std::optional<double> half_width;  ///< of the confidence interval around value; nothing below two replications
  std::uint64_t n = 0;               ///< replications

  [[nodiscard]] bool operator==(const Estimate&) const = default;
};

/// The standard error of a centre, sqrt(sum (x_i - centre)^2 / (n - 1) / n); nothing for fewer than two values.
[[nodiscard]] std::optional<double> standard_error_about(double centre, std::span<const double> values);

/// The estimate with a Student-t interval of n - 1 degrees, from the spread of the values about the centre.
[[nodiscard]] Estimate estimate_about(double centre, std::span<const double> values, double confidence);

/// The mean over replications with its Student-t interval, 0 < confidence < 1; values are finite.
/// Equal values have a half-width of exactly 0. Nothing without a replication.
[[nodiscard]] std::optional<Estimate> mean_of(std::span<const double> replication_means, double confidence);

/// A quantile by sectioning: the quantile of the merged histogram, with the spread of the replications' own quantiles about
/// it (Asmussen and Glynn 2007, III.5; Nakayama 2014). Less biased than their average. Nothing without a replication.
[[nodiscard]] std::optional<Estimate> section(double merged_quantile, std::span<const double> replication_quantiles,
                                              double confidence);

}  // namespace sojourn
