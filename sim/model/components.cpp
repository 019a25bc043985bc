// Groups, cycles and growth in the graph of a flow.

#include <algorithm>
#include <cstddef>
#include <limits>
#include <map>
#include <utility>

#include "sojourn/model/flow.hpp"

namespace sojourn {
namespace {

constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

/// Tarjan's algorithm with a stack of its own: flows may be deeper than the program's stack.
class Tarjan {
 public:
  Tarjan(const FlowGraph& graph, bool calls_only)
      : graph_(graph),
        calls_only_(calls_only),
        found_at_(graph.nodes.size(), none),
        lowest_(graph.nodes.size()),
        open_(graph.nodes.size(), false) {}

  Components find() {
    for (std::uint32_t node = 0; node < graph_.nodes.size(); ++node)
      if (found_at_[node] == none) visit(node);
    return std::move(components_);
  }

 private:
  struct Visit {
    std::uint32_t node;
    std::size_t next_edge;
  };

  void enter(std::uint32_t node) {
    found_at_[node] = lowest_[node] = count_++;
    open_[node] = true;
    waiting_.push_back(node);
    visits_.push_back({node, 0});
  }

  void visit(std::uint32_t start) {
    enter(start);
    while (!visits_.empty()) {
      const std::uint32_t node = visits_.back().node;
      if (visits_.back().next_edge < graph_.nodes[node].edges.size())
        follow(node, graph_.nodes[node].edges[visits_.back().next_edge++]);
      else
        leave(node);
    }
  }

  void follow(std::uint32_t node, const FlowEdge& edge) {
    if (calls_only_ && !edge.is_call) return;
    if (found_at_[edge.to] == none)
      enter(edge.to);
    else if (open_[edge.to])
      lowest_[node] = std::min(lowest_[node], found_at_[edge.to]);
  }

  void leave(std::uint32_t node) {
    visits_.pop_back();
    if (!visits_.empty()) lowest_[visits_.back().node] = std::min(lowest_[visits_.back().node], lowest_[node]);
    if (lowest_[node] != found_at_[node]) return;
    auto& group = components_.emplace_back();
    do {
      group.push_back(waiting_.back());
      open_[waiting_.back()] = false;
      waiting_.pop_back();
    } while (group.back() != node);
    std::sort(group.begin(), group.end());
  }

  const FlowGraph& graph_;
  bool calls_only_;
  std::vector<std::uint32_t> found_at_, lowest_;
  std::vector<bool> open_;
  std::vector<std::uint32_t> waiting_;
  std::vector<Visit> visits_;
  std::uint32_t count_ = 0;
  Components components_;
};

bool in_group(const std::vector<std::uint32_t>& group, std::uint32_t node) {
  return std::binary_search(group.begin(), group.end(), node);
}

}  // namespace

Components components_of(const FlowGraph& graph, bool calls_only) { return Tarjan(graph, calls_only).find(); }

std::vector<const FlowEdge*> cycle_through(const FlowGraph& graph, const std::vector<std::uint32_t>& group,
                                           std::uint32_t start, bool calls_only) {
  std::map<std::uint32_t, std::pair<std::uint32_t, const FlowEdge*>> reached;  // from where, by which edge
  std::vector<std::uint32_t> front{start};
  while (!front.empty() && !reached.contains(start)) {
    std::vector<std::uint32_t> next;
    for (const std::uint32_t node : front)
      for (const FlowEdge& edge : graph.nodes[node].edges)
        if (in_group(group, edge.to) && (edge.is_call || !calls_only) &&
            reached.try_emplace(edge.to, node, &edge).second)
          next.push_back(edge.to);
    front = std::move(next);
  }
  std::vector<const FlowEdge*> cycle;
  if (!reached.contains(start)) return cycle;
  std::uint32_t node = start;
  do {
    const auto& [from, edge] = reached.at(node);
    cycle.push_back(edge);
    node = from;
  } while (node != start);
  std::reverse(cycle.begin(), cycle.end());
  return cycle;
}

double mean_offspring(const FlowGraph& graph, const std::vector<std::uint32_t>& group, bool calls_only) {
  // Of the matrix plus the identity, so that the iteration converges for periodic ones too; 1 is taken off at the end.
  constexpr int most_rounds = 20'000;
  constexpr double close_enough = 1e-10;
  std::map<std::uint32_t, double> x;
  for (const std::uint32_t node : group) x[node] = 1;
  double low = 0, high = 0;
  for (int round = 0; round < most_rounds; ++round) {
    std::map<std::uint32_t, double> next = x;
    for (const std::uint32_t node : group)
      for (const FlowEdge& edge : graph.nodes[node].edges)
        if (in_group(group, edge.to) && (edge.is_call || !calls_only))
          next[node] += (calls_only ? edge.undisturbed : edge.times) * x[edge.to];
    low = std::numeric_limits<double>::infinity();
    high = 0;
    double sum = 0;
    for (const auto& [node, value] : next) {
      low = std::min(low, value / x[node]);
      high = std::max(high, value / x[node]);
      sum += value;
    }
    for (auto& [node, value] : next) value /= sum;
    x = std::move(next);
    if (high - low <= close_enough * high || low > 2 || high < 2 - close_enough) break;
  }
  return (low + high) / 2 - 1;
}

}  // namespace sojourn
