// What never ends: calls that go round in circles, messages that multiply.

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "sojourn/model/checks.hpp"
#include "sojourn/model/short_text.hpp"

namespace sojourn {
namespace {

constexpr double certain = 1 - 1e-9;  // a loop that goes on this surely never ends

using Group = std::vector<std::uint32_t>;
using Cycle = std::vector<const FlowEdge*>;

class Endings {
 public:
  Endings(const Scenario& scenario, const FlowGraph& graph)
      : graph_(graph), requested_(requested_nodes(scenario, graph)) {}

  Issues check_calls() const {
    Issues issues;
    for (const Group& group : components_of(graph_, true)) {
      const Cycle cycle = cycle_of(group, true);
      if (!cycle.empty() && mean_offspring(graph_, group, true) >= certain)
        issues.push_back(error_at(
            cycle.front()->pointer,
            "expected calls that come to an end, found a cycle of calls that wait for each other: " + text_of(cycle) +
                "; publish a message in place of one of them, or leave it with a choice"));
    }
    return issues;
  }

  Issues check_messages() const {
    Issues issues;
    for (const Group& group : components_of(graph_, false)) {
      const Cycle cycle = cycle_of(group, false);
      const double offspring = cycle.empty() ? 0 : mean_offspring(graph_, group, false);
      if (offspring >= certain)
        issues.push_back(
            error_at(cycle.front()->pointer, "expected messages that die out, found a loop in which each causes " +
                                                 short_number(offspring) + " more on average: " + text_of(cycle) +
                                                 "; let it go on with a probability below 1"));
    }
    return issues;
  }

 private:
  /// The cycle that best shows why a group does not end; it begins where a client enters, if one does.
  [[nodiscard]] Cycle cycle_of(const Group& group, bool calls_only) const {
    const auto entered = std::find_if(group.begin(), group.end(), [&](std::uint32_t node) {
      return std::binary_search(requested_.begin(), requested_.end(), node);
    });
    return cycle_through(graph_, group, entered == group.end() ? group.front() : *entered, calls_only);
  }

  /// "a.x -> b.y -> a.x", cut when long.
  [[nodiscard]] std::string text_of(const Cycle& cycle) const {
    constexpr std::size_t most = 10;
    std::string text = graph_.nodes[cycle.back()->to].name.text();
    for (std::size_t i = 0; i < cycle.size(); ++i) {
      if (i == most && cycle.size() > most + 1) text += " -> ... (" + std::to_string(cycle.size()) + " operations)";
      if (i < most || i + 1 == cycle.size()) text += " -> " + graph_.nodes[cycle[i]->to].name.text();
    }
    return text;
  }

  const FlowGraph& graph_;
  std::vector<std::uint32_t> requested_;
};

}  // namespace

Issues check_endings(const Scenario& scenario, const FlowGraph& graph) {
  const Endings endings(scenario, graph);
  Issues issues = endings.check_calls();
  return issues.empty() ? endings.check_messages() : issues;
}

}  // namespace sojourn
