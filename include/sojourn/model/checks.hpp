#pragma once
// The checks of a flow, one for each way in which a scenario can be wrong or doubtful that the flow shows.
// Each takes a scenario whose references are sound, and its graph.

#include <string>
#include <utility>
#include <vector>

#include "sojourn/core/issue.hpp"
#include "sojourn/model/flow.hpp"
#include "sojourn/model/scenario.hpp"

namespace sojourn {

inline Issue error_at(std::string pointer, std::string message) {
  return {.severity = Severity::error, .line = 0, .pointer = std::move(pointer), .message = std::move(message)};
}
inline Issue warning_at(std::string name, std::string pointer, std::string message) {
  return {.severity = Severity::warning,
          .line = 0,
          .pointer = std::move(pointer),
          .message = std::move(message),
          .name = std::move(name)};
}

/// Errors: calls or messages that go round in circles and never end.
[[nodiscard]] Issues check_endings(const Scenario& scenario, const FlowGraph& graph);

/// Errors: who waits for an answer without a timeout where hops lose what they carry: a lost one looks like silence.
[[nodiscard]] Issues check_losses(const Scenario& scenario);

/// Warnings: cycles of blocking calls in which every worker may wait for another.
[[nodiscard]] Issues check_deadlocks(const Scenario& scenario, const FlowGraph& graph);

/// What is asked of a scenario per second.
struct Demand {
  std::vector<double> open;      ///< jobs of each operation, caused by open clients; in batches as full as can be
  std::vector<double> messages;  ///< the same, each message of a batch counted
  std::vector<double> all;       ///< jobs, by all clients
  double requests = 0;
};
[[nodiscard]] Demand demand_of(const Scenario& scenario, const FlowGraph& graph);

/// Errors: runs of more events than can be paid for.
[[nodiscard]] Issues check_cost(const Scenario& scenario, const FlowGraph& graph, const Demand& demand);

/// About how many events all replications of a scenario take, retries left out.
[[nodiscard]] double expected_events(const Scenario& scenario);

/// Warnings: services and resources that are asked for more than they have, closed clients and retries left out.
[[nodiscard]] Issues check_load(const Scenario& scenario, const FlowGraph& graph, const Demand& demand);

/// Warnings: what no request leads to, nobody uses or hears, and what comes after the end.
[[nodiscard]] Issues check_use(const Scenario& scenario, const FlowGraph& graph);

/// Warnings: laws without a mean or a variance.
[[nodiscard]] Issues check_tails(const Scenario& scenario);

/// Doubts about waiting: for operations that nothing in the flow causes, and for a resource that is already held.
[[nodiscard]] Issues check_waits(const Scenario& scenario, const FlowGraph& graph);

}  // namespace sojourn
