#pragma once
// Every variant against the baseline, replication by replication, on the same requests.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sojourn/experiment/experiment.hpp"
#include "sojourn/stats/comparison.hpp"

namespace sojourn {

/// What the variant's value is against the baseline's. Undecided: chance could have made the difference.
enum class Verdict : std::uint8_t { lower, higher, equal, undecided };
/// "lower", "higher", "equal", "undecided".
[[nodiscard]] std::string_view name_of(Verdict verdict);

/// One measure of one client, in a variant and in the baseline.
struct Comparison {
  std::string client;
  std::string metric;  ///< "response_time.p99"
  std::string baseline;
  std::string variant;
  Unit unit = Unit::seconds;
  std::optional<PairedDifference> paired;  ///< nothing where either side is unknown
  Verdict verdict =
      Verdict::undecided;  ///< at the experiment's confidence, after Holm's correction over all comparisons
};

/// All comparisons, by variant, then client, then measure.
[[nodiscard]] std::vector<Comparison> compare_variants(const ExperimentResult& result);

/// A measure by which variants are ranked.
struct Contest {
  std::string path;  ///< "clients.shoppers.response_time.p99"
  bool lower_is_better = true;
};

/// For each contest the variant that is better than every other, or nothing. Holm's correction spans the comparisons and the
/// contests together: so a winner's difference from the baseline is never one that the comparisons leave undecided.
[[nodiscard]] std::vector<std::optional<std::size_t>> winners(const ExperimentResult& result,
                                                              const std::vector<Comparison>& comparisons,
                                                              const std::vector<Contest>& contests);

}  // namespace sojourn
