#pragma once
// What a search for the highest load, or for the cheapest replicas, found: as text for people, as JSON, and as CSV. The same
// scenario, seed and version give the same bytes, whatever the number of threads.

#include <string>

#include "sojourn/experiment/load_search.hpp"
#include "sojourn/experiment/replica_search.hpp"
#include "sojourn/io/summary.hpp"

namespace sojourn {

/// The highest load of each variant, what gives in first there, and the loads that were tried.
[[nodiscard]] Summary summary_of(const CapacitySearch& search);
/// The cheapest replicas of each variant, and what one more and one fewer of each service would do.
[[nodiscard]] Summary summary_of(const ReplicaSearch& search);

/// capacity.json, with a line break at its end.
[[nodiscard]] std::string capacity_json(const CapacitySearch& search);
[[nodiscard]] std::string capacity_json(const ReplicaSearch& search);

/// capacity.csv: one row a variant, load or replicas tried, and objective.
[[nodiscard]] std::string capacity_csv(const CapacitySearch& search);
[[nodiscard]] std::string capacity_csv(const ReplicaSearch& search);

/// "96.5/s", "17 users": a load in four digits.
[[nodiscard]] std::string load_text(const ClientLoad& load);

}  // namespace sojourn
