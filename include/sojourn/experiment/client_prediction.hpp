#pragma once
// What theory says of a client's response time, once the loads and the queues are known.

#include <cstddef>
#include <vector>

#include "sojourn/experiment/layers.hpp"
#include "sojourn/experiment/prediction.hpp"
#include "sojourn/experiment/queues.hpp"

namespace sojourn {

/// The loads of a variant, and how long its services take.
struct PredictedLoad {
  const Layers* layers = nullptr;
  std::vector<double> requests_per_s;  ///< by client
  std::vector<double> jobs_per_s;      ///< by operation
  std::vector<QueuePrediction> queues;
  std::vector<double> answers_s;  ///< by operation: mean time until its caller has the answer
};

/// The prediction for one client, by its place among the sources.
[[nodiscard]] ClientPrediction predict_client(const PredictedLoad& load, std::size_t source);

/// Mean time of a client's round that no service takes part in: thinking, hops and back-offs.
[[nodiscard]] double between_answers_s(const Layers& layers, const Source& source);

/// The closed network that users go round in.
[[nodiscard]] Round round_of_users(const Layers& layers, std::size_t source, double requests_per_s,
                                   const std::vector<double>& jobs_per_s);

/// Whether mean value analysis is exact for it: single servers and delays.
[[nodiscard]] bool by_mean_values(const Layers& layers, const Round& round);

}  // namespace sojourn
