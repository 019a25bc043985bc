#pragma once
// Simulated numbers beside what mathematics says of them, wherever a result is exact.

#include <optional>
#include <string>
#include <vector>

#include "sojourn/experiment/experiment.hpp"
#include "sojourn/experiment/prediction.hpp"

namespace sojourn {

/// One number, both ways. Theory speaks of the long run: a run that starts empty and is short may rightly differ.
struct TheoryCheck {
  std::string variant;
  std::string path;    ///< "clients.visitors.response_time.mean"
  std::string result;  ///< "M/M/4 (Erlang C)"
  double exact = 0;    ///< seconds
  Estimate simulated;
  std::optional<double> standard_errors;  ///< (simulated - exact) / standard error; nothing without an interval
};

/// What the predictions say exactly, beside what was measured; the times of clients, then the waits at services.
[[nodiscard]] std::vector<TheoryCheck> compare_with_theory(const std::vector<Prediction>& predictions,
                                                           const ExperimentResult& result);

/// The predictions for the variants of a study, in order.
[[nodiscard]] std::vector<Prediction> predict_all(const Study& study);

}  // namespace sojourn
