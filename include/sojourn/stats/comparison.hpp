#pragma once
// Two variants under common random numbers: replication i of one is paired with replication i of the other, and what counts
// is the spread of the differences, which the shared randomness makes small.

#include <optional>
#include <span>
#include <vector>

#include "sojourn/stats/estimate.hpp"

namespace sojourn {

/// How much a variant differs from its baseline, over the replications in which both have a value.
struct PairedDifference {
  Estimate difference;                ///< variant - baseline
  std::optional<double> ratio;        ///< variant / baseline; nothing when the baseline is 0
  std::optional<double> correlation;  ///< Pearson's, of the pairs; nothing when either side does not vary
  std::optional<double> p_value;      ///< of "no difference", two-sided t test; nothing below two pairs

  [[nodiscard]] bool operator==(const PairedDifference&) const = default;
};

/// Compares the means of two equally long lists of replications; nothing when no replication has both values.
/// Identical lists differ by exactly 0 with a half-width of exactly 0 and a p-value of 1, and are correlated by exactly 1
/// (by nothing if they do not vary). A difference without any spread has a p-value of 0.
[[nodiscard]] std::optional<PairedDifference> compare_paired(std::span<const std::optional<double>> baseline,
                                                             std::span<const std::optional<double>> variant,
                                                             double confidence);

/// Compares two quantiles by sectioning: the centre is the difference of the merged quantiles, the spread is that of the
/// replications' differences about it. Otherwise like compare_paired.
[[nodiscard]] std::optional<PairedDifference> compare_paired_quantiles(
    double merged_baseline, double merged_variant, std::span<const std::optional<double>> baseline_sections,
    std::span<const std::optional<double>> variant_sections, double confidence);

/// The p-values of a family of tests, adjusted so that the chance of any false alarm among them stays below the level that
/// each is compared with (Holm 1979); in the order given, at most 1.
[[nodiscard]] std::vector<double> holm(std::span<const double> p_values);

}  // namespace sojourn
