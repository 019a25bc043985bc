#pragma once
// What deferring one call does, all else equal: the 2^(n-1) pairs of designs that differ in that call alone.

#include <optional>
#include <string>
#include <vector>

#include "sojourn/experiment/design_search.hpp"

namespace sojourn {

/// The effect of deferring an operation on a criterion: deferred - waited for.
struct DeferralEffect {
  std::size_t criterion = 0;
  std::size_t pairs = 0;  ///< that were both run
  std::size_t better = 0, worse = 0,
              same = 0;        ///< beyond chance, all pairs and criteria together; same: within the margin
  double least = 0, most = 0;  ///< of the differences
};

/// What is to be said of one deferrable operation.
struct DeferralRule {
  enum class Advice : std::uint8_t { wait, defer, choice };

  OperationName operation;
  std::vector<DeferralEffect> effects;  ///< by criterion
  Advice advice = Advice::choice;       ///< wait, or defer: so do all designs that can be chosen
  std::vector<std::string> missed;      ///< objectives that no design meets which does otherwise
};

/// One rule an operation.
[[nodiscard]] std::vector<DeferralRule> deferral_rules(const DesignSearch& search);

}  // namespace sojourn
