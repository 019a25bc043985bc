#pragma once
// The flow of a scenario as a graph: which operation causes how many jobs of which other, and how often each is asked for.
// Before any run it says what never ends, what is out of reach, and what the services are asked to carry.

#include <cstdint>
#include <string>
#include <vector>

#include "sojourn/model/scenario.hpp"

namespace sojourn {

/// One step that causes jobs of another operation.
struct FlowEdge {
  std::uint32_t to = 0;
  double times = 0;         ///< mean number in one job
  double undisturbed = 0;   ///< the same when no work fails or declines
  bool is_call = false;     ///< otherwise a message
  bool is_patient = false;  ///< a call without a timeout
  std::uint32_t attempts = 1;
  std::uint32_t batch = 1;   ///< messages that one job handles at most
  std::string pointer = {};  ///< of the step
};

/// One operation.
struct FlowNode {
  OperationName name;
  double work_ns = 0;  ///< mean work of one job, waits left out
  double steps = 0;    ///< mean number of steps of one job
  std::vector<FlowEdge> edges = {};
};

/// Operations in the order of their names.
struct FlowGraph {
  std::vector<FlowNode> nodes;
  [[nodiscard]] std::uint32_t index_of(const OperationName& name) const;
};

/// The graph of a scenario whose references are sound.
[[nodiscard]] FlowGraph flow_graph(const Scenario& scenario);

/// Groups of nodes that reach each other, those that are caused before those that cause them (Tarjan 1972).
/// With calls_only, messages are no edges.
using Components = std::vector<std::vector<std::uint32_t>>;
[[nodiscard]] Components components_of(const FlowGraph& graph, bool calls_only);

/// The shortest way from a node back to itself inside a group, as the edges on it; empty when there is none.
[[nodiscard]] std::vector<const FlowEdge*> cycle_through(const FlowGraph& graph,
                                                         const std::vector<std::uint32_t>& group, std::uint32_t start,
                                                         bool calls_only);

/// Every node that one of these leads to, itself included; with calls_only, messages lead nowhere. By node.
[[nodiscard]] std::vector<bool> reached_from(const FlowGraph& graph, std::vector<std::uint32_t> front, bool calls_only);

/// The mean number of jobs of a group that each of its jobs causes there: the spectral radius of the group's matrix, by power
/// iteration between the bounds of Collatz and Wielandt. Events die out where it is below 1. With calls_only, by calls, as
/// long as no work fails: where that is not below 1, only a failure leads out.
[[nodiscard]] double mean_offspring(const FlowGraph& graph, const std::vector<std::uint32_t>& group, bool calls_only);

/// Operations that clients ask for, in order.
[[nodiscard]] std::vector<std::uint32_t> requested_nodes(const Scenario& scenario, const FlowGraph& graph);

/// Which operations some request may lead to, by index.
[[nodiscard]] std::vector<bool> reached_nodes(const Scenario& scenario, const FlowGraph& graph);

/// Jobs per second of every operation, when so many per second are asked for from outside. Offspring must be below 1, and
/// batches are full: fewer jobs would not do.
[[nodiscard]] std::vector<double> job_rates(const FlowGraph& graph, std::vector<double> asked);

/// Requests per second of a client, averaged over the run; of users: when nothing waits for anything but work.
[[nodiscard]] double request_rate(const Client& client, Duration horizon, double work_ns);

/// The factor of a profile, averaged from 0 to the horizon.
[[nodiscard]] double mean_factor(const Profile& profile, Duration horizon);

}  // namespace sojourn
