#pragma once
// The mean wait in front of every service of a scenario under its load, each with the result it rests on.

#include <optional>
#include <vector>

#include "sojourn/experiment/layers.hpp"
#include "sojourn/experiment/prediction.hpp"
#include "sojourn/theory/erlang.hpp"

namespace sojourn {

/// One service's queue.
struct QueuePrediction {
  double wait_s = 0;   ///< of one stretch of work; infinite where the queue grows without bound, NaN where unknown
  double plain_s = 0;  ///< the same as if all work were exponential
  Basis basis;
  bool poisson_in = false;
  bool poisson_out = false;
  double refused = 0;                         ///< share of arrivals that find no room
  std::optional<double> held_s;               ///< how long a job holds its worker, where it waits for others
  bool any_gaps = false;                      ///< the result knows arrivals that are no Poisson stream
  std::optional<double> slowing;              ///< more time for each second of work, where jobs share cores
  std::optional<MultiServerQueue> quantiles;  ///< gives the law of the response, where it is known
};

/// Jobs per second by operation; the queues in the order of the layers.
[[nodiscard]] std::vector<QueuePrediction> queues_of(const Layers& layers, const std::vector<double>& jobs_per_s);

}  // namespace sojourn
