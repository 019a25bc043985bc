#pragma once
// Objectives: what a scenario's author wants to hold of every variant, "clients.shoppers.response_time.p99 <= 300ms".

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sojourn/core/issue.hpp"
#include "sojourn/experiment/experiment.hpp"

namespace sojourn {

/// An objective, judged in one variant.
struct ObjectiveResult {
  std::string variant;
  std::string text;                  ///< as written
  Unit unit = Unit::count;           ///< of the estimate
  std::optional<Estimate> estimate;  ///< nothing when the variant lacks it, or it cannot be known
  std::optional<bool> met;           ///< decided on the value; nothing when not applicable to this variant
  std::optional<double> limit = {};  ///< what it is to stay below or above, in the unit
};

/// Errors in the study's objectives, before anything is run: a path that no variant's report has, a value of the wrong kind.
/// The topologies are those of the study's variants, in order.
[[nodiscard]] Issues check_objectives(const Study& study, const std::vector<Topology>& topologies);

/// Every variant's objectives. What cannot be known, for want of samples, is not met.
[[nodiscard]] std::vector<ObjectiveResult> judge_objectives(const Study& study, const ExperimentResult& result);

/// The value of an objective in the unit of the column: "300ms" for a time, "80/s" or 80 for a rate, a number otherwise.
/// Nothing when it is of another kind.
[[nodiscard]] std::optional<double> objective_value(Unit unit, std::string_view text);

}  // namespace sojourn
