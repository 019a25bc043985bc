// Doubts about steps that wait: for operations that nothing causes, and for units of a resource that is held already.

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sojourn/model/checks.hpp"
#include "sojourn/model/walk.hpp"

namespace sojourn {
namespace {

class WaitChecks {
 public:
  WaitChecks(const Scenario& scenario, const FlowGraph& graph) : scenario_(scenario), graph_(graph) {}

  Issues check() {
    find_entries();
    for_each_step(scenario_, [&](const Step& step, const StepPlace& place, const OperationName& name) {
      if (const auto* await = std::get_if<Await>(&step.kind)) check_names(name, await->operations, place, "/await");
      if (const auto* notify = std::get_if<Notify>(&step.kind)) check_names(name, notify->when, place, "/when");
      if (const auto* use = std::get_if<Use>(&step.kind)) uses_[graph_.index_of(name)].push_back(use->resource);
    });
    for_each_step(scenario_, [&](const Step& step, const StepPlace& place, const OperationName&) {
      if (const auto* use = std::get_if<Use>(&step.kind)) check_use(*use, place);
    });
    return std::move(issues_);
  }

 private:
  void warn(std::string name, std::string pointer, std::string message) {
    issues_.push_back(warning_at(std::move(name), std::move(pointer), std::move(message)));
  }

  /// What each operation that a client asks for leads to.
  void find_entries() {
    for (const auto& [name, client] : scenario_.clients) {
      for (const auto& [operation, weight] : client.requests.weights) add_entry(operation);
      for (const FollowUp& follow : client.then) add_entry(follow.operation);
    }
  }
  void add_entry(const OperationName& operation) {
    const std::uint32_t node = graph_.index_of(operation);
    if (!entries_.contains(node)) entries_[node] = reached_from(graph_, {node}, false);
  }

  /// Whether a request that comes by this operation can cause the other one.
  [[nodiscard]] bool can_meet(const OperationName& waiting, const OperationName& awaited) const {
    const std::uint32_t from = graph_.index_of(waiting), to = graph_.index_of(awaited);
    return std::any_of(entries_.begin(), entries_.end(),
                       [&](const auto& entry) { return entry.second[from] && entry.second[to]; });
  }

  void check_names(const OperationName& operation, const std::vector<OperationName>& names, const StepPlace& place,
                   const std::string& key) {
    for (std::size_t i = 0; i < names.size(); ++i)
      if (!can_meet(operation, names[i]))
        warn("never-reached", place.pointer + key + "/" + std::to_string(i),
             "no request that leads to '" + operation.text() + "' causes '" + names[i].text() +
                 "': this is waited for in vain");
  }

  /// The first step inside that asks for the same resource, by itself or by a call; empty when none does.
  [[nodiscard]] std::string again(const Use& use, const StepPlace& place) const {
    std::string found;
    auto visit = [&](const Step& step, const StepPlace& inside) {
      const auto* inner = std::get_if<Use>(&step.kind);
      const auto* call = std::get_if<Call>(&step.kind);
      if (!found.empty()) return;
      if (inner != nullptr && inner->resource == use.resource) found = inside.pointer;
      if (call != nullptr && calls_use(graph_.index_of(call->operation), use.resource)) found = inside.pointer;
    };
    detail::walk_list(use.steps, {place.pointer + "/steps", 1}, visit);
    return found;
  }

  [[nodiscard]] bool calls_use(std::uint32_t node, const std::string& resource) const {
    const std::vector<bool> reached = reached_from(graph_, {node}, true);
    return std::any_of(uses_.begin(), uses_.end(), [&](const auto& uses) {
      return reached[uses.first] && std::find(uses.second.begin(), uses.second.end(), resource) != uses.second.end();
    });
  }

  void check_use(const Use& use, const StepPlace& place) {
    const std::string inner = again(use, place);
    if (inner.empty()) return;
    const std::uint32_t units = scenario_.resources.at(use.resource).units;
    warn("self-deadlock", place.pointer + "/use",
         "whoever holds '" + use.resource + "' here asks for it once more at " + inner + ": " +
             (units == 1 ? "it has one unit, so nobody ever gets the second"
                         : "when " + std::to_string(units) + " hold one of its " + std::to_string(units) +
                               " units, none of them gets another"));
  }

  const Scenario& scenario_;
  const FlowGraph& graph_;
  std::map<std::uint32_t, std::vector<bool>> entries_;
  std::map<std::uint32_t, std::vector<std::string>> uses_;  // resources that an operation uses
  Issues issues_;
};

}  // namespace

std::vector<bool> reached_from(const FlowGraph& graph, std::vector<std::uint32_t> front, bool calls_only) {
  std::vector<bool> reached(graph.nodes.size(), false);
  for (const std::uint32_t node : front) reached[node] = true;
  while (!front.empty()) {
    const std::uint32_t node = front.back();
    front.pop_back();
    for (const FlowEdge& edge : graph.nodes[node].edges) {
      if (reached[edge.to] || (calls_only && !edge.is_call)) continue;
      reached[edge.to] = true;
      front.push_back(edge.to);
    }
  }
  return reached;
}

Issues check_waits(const Scenario& scenario, const FlowGraph& graph) { return WaitChecks(scenario, graph).check(); }

}  // namespace sojourn
