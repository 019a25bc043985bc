#pragma once
// What a precision that is asked for will cost.

#include "sojourn/experiment/experiment.hpp"
#include "sojourn/model/scenario.hpp"

namespace sojourn {

/// How many replications, and requests, the precision will need by what was reached so far: as many as it takes, whatever is
/// allowed. Nothing changes where no variant's precision is known.
void foresee(PrecisionReached& reached, const ExperimentResult& result, const Precision& asked);

}  // namespace sojourn
