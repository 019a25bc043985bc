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

/// The variant with the best value at this path, if its paired interval against every other variant excludes zero.
[[nodiscard]] std::optional<std::size_t> winner(const ExperimentResult& result, std::string_view dotted,
                                                bool lower_is_better);

}  // namespace sojourn
