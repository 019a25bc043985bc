// Services that can all wait for each other: each holds its workers while it waits for a worker of the next.

#include <algorithm>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sojourn/model/checks.hpp"

namespace sojourn {
namespace {

/// Operations from one that holds a worker to one that needs a worker, each called by the one before.
using Chain = std::vector<std::uint32_t>;

class Deadlocks {
 public:
  Deadlocks(const Scenario& scenario, const FlowGraph& graph)
      : graph_(graph), reached_(reached_nodes(scenario, graph)) {
    for (const auto& [name, service] : scenario.services)
      if (service.waiting == Waiting::blocking && !service.workers.unlimited()) {
        places_[name] = static_cast<std::uint32_t>(services_.nodes.size());
        services_.nodes.push_back({.name = {name, ""}});
      }
    chains_.resize(services_.nodes.size());
    for (std::uint32_t node = 0; node < graph.nodes.size(); ++node)
      if (reached_[node] && holds_worker(node)) follow(node);
  }

  Issues check() const {
    Issues issues;
    for (const auto& group : components_of(services_, true)) {
      const auto cycle = shortest_cycle(group);
      if (!cycle.empty()) issues.push_back(warning_of(cycle));
    }
    return issues;
  }

 private:
  [[nodiscard]] bool holds_worker(std::uint32_t node) const { return places_.contains(service_of(node)); }
  [[nodiscard]] const std::string& service_of(std::uint32_t node) const { return graph_.nodes[node].name.service; }

  /// The workers that a job of this operation waits for while it holds its own; who does not hold one only passes the wait on.
  void follow(std::uint32_t start) {
    std::map<std::uint32_t, std::uint32_t> callers;  // of what is reached
    std::vector<std::uint32_t> front{start};
    while (!front.empty()) {
      std::vector<std::uint32_t> next;
      for (const std::uint32_t node : front)
        for (const FlowEdge& edge : graph_.nodes[node].edges) {
          if (!edge.is_call || !edge.is_patient || !callers.try_emplace(edge.to, node).second) continue;
          if (holds_worker(edge.to))
            add(start, edge.to, callers);
          else
            next.push_back(edge.to);
        }
      front = std::move(next);
    }
  }

  void add(std::uint32_t start, std::uint32_t end, const std::map<std::uint32_t, std::uint32_t>& callers) {
    Chain chain{end};
    do chain.push_back(callers.at(chain.back()));
    while (chain.back() != start);
    std::reverse(chain.begin(), chain.end());
    const std::uint32_t from = places_.at(service_of(start)), to = places_.at(service_of(end));
    services_.nodes[from].edges.push_back({.to = to, .is_call = true});
    chains_[from].push_back(std::move(chain));
  }

  /// The services of a cycle, the first of them again at its end.
  [[nodiscard]] std::vector<std::uint32_t> shortest_cycle(const std::vector<std::uint32_t>& group) const {
    constexpr std::size_t most_starts = 50;  // enough for a short cycle in all but monstrous flows
    std::vector<std::uint32_t> best;
    for (const std::uint32_t start : std::span(group).first(std::min(group.size(), most_starts))) {
      std::vector<std::uint32_t> places{start};
      for (const FlowEdge* edge : cycle_through(services_, group, start, true)) places.push_back(edge->to);
      if (places.size() > 1 && (best.empty() || places.size() < best.size())) best = std::move(places);
    }
    return best;
  }

  /// The chains of a cycle: each begins, where it can, with the operation at which the one before ends.
  [[nodiscard]] std::vector<Chain> chains_of(const std::vector<std::uint32_t>& cycle, const Chain& first) const {
    std::vector<Chain> result{first};
    for (std::size_t i = 1; i + 1 < cycle.size(); ++i) {
      const Chain* chosen = nullptr;
      for (const Chain& chain : chains_[cycle[i]]) {
        if (places_.at(service_of(chain.back())) != cycle[i + 1]) continue;
        if (chosen == nullptr || chain.front() == result.back().back()) chosen = &chain;
        if (chain.front() == result.back().back()) break;
      }
      result.push_back(*chosen);
    }
    return result;
  }

  [[nodiscard]] static std::size_t breaks_in(const std::vector<Chain>& chains) {
    std::size_t breaks = 0;
    for (std::size_t i = 1; i < chains.size(); ++i)
      if (chains[i].front() != chains[i - 1].back()) ++breaks;
    return breaks;
  }

  /// The operations of a cycle of services, with as few breaks as can be.
  [[nodiscard]] std::vector<Chain> best_chains(const std::vector<std::uint32_t>& cycle) const {
    std::vector<Chain> best;
    for (const Chain& first : chains_[cycle.front()]) {
      if (places_.at(service_of(first.back())) != cycle[1]) continue;
      std::vector<Chain> chains = chains_of(cycle, first);
      if (best.empty() || breaks_in(chains) < breaks_in(best)) best = std::move(chains);
    }
    return best;
  }

  [[nodiscard]] std::string text_of(const std::vector<Chain>& chains) const {
    std::string text;
    for (std::size_t i = 0; i < chains.size(); ++i) {
      const bool goes_on = i > 0 && chains[i].front() == chains[i - 1].back();
      if (!goes_on) text += (i == 0 ? "" : ", ") + graph_.nodes[chains[i].front()].name.text();
      for (std::size_t k = 1; k < chains[i].size(); ++k) text += " -> " + graph_.nodes[chains[i][k]].name.text();
    }
    return text;
  }

  [[nodiscard]] Issue warning_of(const std::vector<std::uint32_t>& cycle) const {
    const std::vector<Chain> chains = best_chains(cycle);
    std::string names;
    for (std::size_t i = 0; i + 1 < cycle.size(); ++i)
      names += (i == 0 ? "" : i + 2 < cycle.size() ? ", " : " and ") + services_.nodes[cycle[i]].name.service;
    const bool alone = cycle.size() == 2;
    return warning_at("deadlock-risk", "/services/" + services_.nodes[cycle.front()].name.service,
                      "all workers of " + names + " can come to wait for each other" +
                          (alone ? " in the same pool: " : " for ever: ") + text_of(chains) +
                          "; async waiting, timeouts of these calls, or pools of their own prevent it");
  }

  const FlowGraph& graph_;
  std::vector<bool> reached_;
  std::map<std::string, std::uint32_t> places_;  // of services that block
  FlowGraph services_;                           // an edge: workers of one wait for workers of the other
  std::vector<std::vector<Chain>> chains_;       // of each service
};

}  // namespace

Issues check_deadlocks(const Scenario& scenario, const FlowGraph& graph) { return Deadlocks(scenario, graph).check(); }

}  // namespace sojourn
