#pragma once
// What theory says of a study, for people and as JSON.

#include <string>
#include <vector>

#include "sojourn/experiment/prediction.hpp"
#include "sojourn/io/summary.hpp"
#include "sojourn/model/scenario.hpp"

namespace sojourn {

/// The predictions as a summary: for every variant its limit, its services and its clients, each number with its result.
[[nodiscard]] Summary summary_of(const Study& study, const std::vector<Prediction>& predictions);

/// The same as JSON: seconds, per-second rates and ratios; null where no result applies.
[[nodiscard]] std::string theory_json(const Study& study, const std::vector<Prediction>& predictions);

}  // namespace sojourn
