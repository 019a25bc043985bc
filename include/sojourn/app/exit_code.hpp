#pragma once
// What the program tells its caller.

namespace sojourn {

enum class ExitCode : int {
  fine = 0,
  internal_error = 1,
  bad_input = 2,  ///< the command line or the scenario
  objective_missed = 3,
  unsound = 4,  ///< doubts, under --strict
  output_failed = 5,
  resource_limit =
      6,  ///< memory, a loop that takes no time, workers that wait for each other; the partial result is kept
  interrupted = 130,  ///< SIGINT; the partial result is kept
  terminated = 143    ///< SIGTERM; likewise
};

}  // namespace sojourn
