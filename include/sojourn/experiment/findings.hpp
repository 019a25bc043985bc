#pragma once
// All that an experiment found, for whoever writes it down.

#include <vector>

#include "sojourn/experiment/blame.hpp"
#include "sojourn/experiment/comparison.hpp"
#include "sojourn/experiment/experiment.hpp"
#include "sojourn/experiment/objectives.hpp"
#include "sojourn/experiment/theory_check.hpp"
#include "sojourn/experiment/warnings.hpp"

namespace sojourn {

/// Numbers, comparisons, judgements and doubts.
struct Findings {
  ExperimentResult result;
  std::vector<Comparison> comparisons;
  std::vector<ObjectiveResult> objectives;
  std::vector<Warning> warnings;
  std::vector<TheoryCheck> theory;  ///< where a result is exact
  std::vector<BlameStory> blame;    ///< empty where it was not asked for
};

/// Compares, judges and doubts.
[[nodiscard]] Findings findings_of(const Study& study, ExperimentResult result);

/// Whether an objective that applies is not met.
[[nodiscard]] bool misses_objective(const Findings& findings);

}  // namespace sojourn
