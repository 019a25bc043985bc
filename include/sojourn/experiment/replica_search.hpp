#pragma once
// The cheapest replicas that meet the objectives at the load of the scenario: from theory's lower bound upwards where it helps
// most, then downwards until one fewer anywhere is too few, then cheaper ones in exchange for dearer ones.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sojourn/experiment/trial.hpp"
#include "sojourn/model/scenario.hpp"

namespace sojourn {

struct ReplicaSearchOptions {
  ExperimentOptions experiment;
  bool survive_one = false;  ///< the objectives are to be met, too, with one replica fewer of any service
};

/// A service whose replicas are searched.
struct ScaledService {
  std::string name;
  std::uint32_t written = 1;  ///< replicas in the scenario
  std::uint32_t least = 1;    ///< fewer have less than the work that comes, by the utilization law
  double cost_per_hour = 0;   ///< of a replica
};

/// So many replicas of each service, in their order.
using Replicas = std::vector<std::uint32_t>;

struct TriedReplicas {
  Replicas replicas;
  Trial trial;
};

/// What was found for one variant.
struct VariantReplicas {
  std::string variant;
  std::vector<ScaledService> services;
  std::vector<std::string> left_alone;  ///< "web: autoscaling sets its replicas"
  std::vector<TriedReplicas> tried;     ///< in the order of the search
  std::optional<Replicas> best;         ///< the cheapest that meet the objectives
  std::optional<Replicas> surviving;    ///< the cheapest that meet them with one replica fewer of any service, too
  bool complete = true;                 ///< not interrupted
  Replicas most;                        ///< no more than these were tried

  /// What became of these; nothing when they were not tried.
  [[nodiscard]] const Trial* trial(const Replicas& replicas) const;
  [[nodiscard]] double cost_per_hour(const Replicas& replicas) const;
  [[nodiscard]] std::uint64_t count(const Replicas& replicas) const;
  /// Whether any service has a cost: else the number of replicas is what is to be small.
  [[nodiscard]] bool has_costs() const;
};

struct ReplicaSearch {
  std::string name;
  std::string question;
  std::string sha256;
  std::uint64_t seed = 1;
  std::uint64_t replications = 0;
  double confidence = 0.95;
  Duration horizon;
  bool survive_one = false;
  std::vector<VariantReplicas> variants;
  std::uint64_t runs = 0;
  std::uint64_t events = 0;
  bool complete = true;  ///< not interrupted
};

/// Why replicas cannot be searched, or "".
[[nodiscard]] std::string obstacle_to_replica_search(const Study& study);

/// Searches; a study without an obstacle and with at least two replications.
[[nodiscard]] ReplicaSearch search_replicas(const Study& study, const ReplicaSearchOptions& options);

}  // namespace sojourn
