#include "sojourn/experiment/findings.hpp"

#include <algorithm>
#include <utility>

namespace sojourn {

Findings findings_of(const Study& study, ExperimentResult result) {
  Findings findings{
      .result = std::move(result), .comparisons = {}, .objectives = {}, .warnings = {}, .theory = {}, .blame = {}};
  findings.comparisons = compare_variants(findings.result);
  findings.objectives = judge_objectives(study, findings.result);
  findings.warnings = warnings_of(findings.result);
  findings.theory = compare_with_theory(predict_all(study), findings.result);
  findings.blame = stories_of(findings.result);
  return findings;
}

bool misses_objective(const Findings& findings) {
  return std::any_of(findings.objectives.begin(), findings.objectives.end(),
                     [](const ObjectiveResult& o) { return o.met.has_value() && !*o.met; });
}

}  // namespace sojourn
