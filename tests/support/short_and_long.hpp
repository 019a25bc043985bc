#pragma once
// One experiment by the short way, with all shortcuts, and by the long way: the numbers of both, to be held side by side.

#include <string>

#include "sojourn/experiment/experiment.hpp"
#include "sojourn/experiment/findings.hpp"
#include "sojourn/io/csv.hpp"
#include "sojourn/io/report.hpp"
#include "sojourn/io/study.hpp"
#include "sojourn/system/run.hpp"

namespace sojourn::testing {

/// A run whose requests are observed: it goes the long way everywhere.
inline Measurements run_the_long_way(const Topology& topology, const RunOptions& options) {
  RunOptions observed = options;
  observed.audit = true;
  return run(topology, observed);
}

/// All numbers of an experiment, as text, with the trajectory's fingerprint.
inline std::string numbers_of(const Study& study, Measurements (*how)(const Topology&, const RunOptions&)) {
  const ExperimentResult result = run_experiment(study, ExperimentOptions{.jobs = 1, .run = how});
  const Findings findings = findings_of(study, result);
  std::string text = report_json(findings) + timeline_csv(findings);
  for (const VariantResult& variant : result.variants) {
    const Ledger& l = variant.merged.ledger;
    for (const std::uint64_t n : {l.arrived, l.answered, l.unfinished, l.jobs_started, l.jobs_refused, l.jobs_ended,
                                  l.jobs_left, l.published, l.handled, l.dead_lettered, l.lost, l.waiting, l.in_hand})
      text += std::to_string(n) + " ";
  }
  return text;
}

}  // namespace sojourn::testing
