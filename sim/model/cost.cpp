// What a run costs: about how many events it takes.

#include <algorithm>
#include <string>
#include <vector>

#include "sojourn/model/checks.hpp"
#include "sojourn/model/short_text.hpp"

namespace sojourn {
namespace {

constexpr double most_events = 1e11;

/// The most attempts that one request can lead to, along one way of calls; a cycle is gone round once.
double most_attempts(const Scenario& scenario, const FlowGraph& graph) {
  std::vector<double> attempts(graph.nodes.size(), 1);
  for (const auto& group : components_of(graph, true)) {
    double inside = 1, beyond = 1;
    for (const std::uint32_t node : group)
      for (const FlowEdge& edge : graph.nodes[node].edges) {
        if (!edge.is_call) continue;
        if (std::binary_search(group.begin(), group.end(), edge.to))
          inside = std::max(inside, static_cast<double>(edge.attempts));
        else
          beyond = std::max(beyond, edge.attempts * attempts[edge.to]);
      }
    for (const std::uint32_t node : group) attempts[node] = inside * beyond;
  }
  double most = 1;
  for (const auto& [name, client] : scenario.clients)
    for (const auto& [operation, weight] : client.requests.weights)
      most = std::max(most, (client.retry ? client.retry->attempts : 1) * attempts[graph.index_of(operation)]);
  return most;
}

/// Steps of all jobs per second.
double steps_of(const FlowGraph& graph, const Demand& demand) {
  double steps = 0;
  for (std::size_t i = 0; i < demand.all.size(); ++i) steps += demand.all[i] * (1 + graph.nodes[i].steps);
  return steps;
}

struct Factor {
  double value;
  std::string text, pointer;
};

}  // namespace

double expected_events(const Scenario& scenario) {
  const FlowGraph graph = flow_graph(scenario);
  return steps_of(graph, demand_of(scenario, graph)) * scenario.horizon.seconds() * scenario.replications;
}

Issues check_cost(const Scenario& scenario, const FlowGraph& graph, const Demand& demand) {
  if (!(demand.requests > 0)) return {};
  const double hops = steps_of(graph, demand) / demand.requests, attempts = most_attempts(scenario, graph);
  const double seconds = scenario.horizon.seconds();
  std::vector<Factor> factors{{demand.requests, short_number(demand.requests) + " requests/s", "/clients"},
                              {seconds, short_number(seconds) + " s", "/horizon"},
                              {hops, short_number(hops) + " hops a request", "/services"},
                              {attempts, short_number(attempts) + " attempts at most", "/services"},
                              {static_cast<double>(scenario.replications),
                               std::to_string(scenario.replications) + " replications", "/replications"}};
  double events = 1;
  std::string product;
  for (const Factor& factor : factors) {
    if (factor.value == 1) continue;
    events *= factor.value;
    product += (product.empty() ? "" : " x ") + factor.text;
  }
  if (events <= most_events) return {};
  std::stable_sort(factors.begin(), factors.end(), [](const Factor& a, const Factor& b) { return a.value > b.value; });
  return {error_at(factors[0].pointer, "expected at most " + short_number(most_events) + " events, found about " +
                                           short_number(events) + " = " + product + "; the largest factors are " +
                                           factors[0].text + " and " + factors[1].text)};
}

}  // namespace sojourn
