#pragma once
// When not to believe a result: named, with the numbers, rather than a guess printed like a fact.

#include <string>
#include <vector>

#include "sojourn/experiment/experiment.hpp"

namespace sojourn {

/// One reason for doubt.
struct Warning {
  std::string name;  ///< "growing-queue", "infinite-variance", "unfinished", "too-few-samples", ...
  std::string variant;
  std::string path;     ///< of the report: what is doubtful; of the scenario, where a law in it is
  std::string message;  ///< a sentence with the numbers
};

/// All doubts about all variants, in the order of the report.
[[nodiscard]] std::vector<Warning> warnings_of(const ExperimentResult& result);

}  // namespace sojourn
