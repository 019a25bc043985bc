#include "sojourn/model/flow.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <utility>
#include <variant>

#include "sojourn/model/walk.hpp"

namespace sojourn {
namespace {

/// Fills one node from the steps of its operation.
class NodeBuilder {
 public:
  NodeBuilder(const Scenario& scenario, const FlowGraph& graph, FlowNode& node)
      : scenario_(scenario), graph_(graph), node_(node) {}

  void add(const Step& step, const StepPlace& place) {
    node_.steps += place.times;
    if (const auto* work = std::get_if<Work>(&step.kind); work != nullptr && place.times > 0)
      node_.work_ns += place.times * mean_ns(work->time);
    if (const auto* call = std::get_if<Call>(&step.kind))
      node_.edges.push_back({.to = graph_.index_of(call->operation),
                             .times = place.times,
                             .undisturbed = place.undisturbed,
                             .is_call = true,
                             .is_patient = !call->timeout,
                             .attempts = call->retry ? call->retry->attempts : 1,
                             .pointer = place.pointer + "/call"});
    if (const auto* publish = std::get_if<Publish>(&step.kind))
      for (const auto& [operation, options] : scenario_.topics.at(publish->topic).subscriptions)
        node_.edges.push_back({.to = graph_.index_of(operation),
                               .times = place.times,
                               .undisturbed = place.undisturbed,
                               .batch = options.batch ? options.batch->size : 1,
                               .pointer = place.pointer + "/publish"});
  }

 private:
  const Scenario& scenario_;
  const FlowGraph& graph_;
  FlowNode& node_;
};

/// The integral of a factor that goes straight from a to b, over the part of [from, to] before the horizon.
double area(double from, double to, double a, double b, double horizon) {
  if (from >= horizon || to <= from) return 0;
  const double end = std::min(to, horizon);
  const double at_end = a + (b - a) * (end - from) / (to - from);
  return (a + at_end) / 2 * (end - from);
}

double law_rate(const PoissonArrivals& law, Duration horizon) {
  return law.rate.per_second * mean_factor(law.profile, horizon);
}
double law_rate(const ConstantArrivals& law, Duration horizon) {
  return law.rate.per_second * mean_factor(law.profile, horizon);
}
double law_rate(const RenewalArrivals& law, Duration) { return 1e9 / mean_ns(law.gap); }
double law_rate(const BurstyArrivals& law, Duration) {
  const Bursts& bursts = law.bursts;
  const double calm = bursts.calm.seconds(), burst = bursts.burst.seconds();
  return (bursts.rate.per_second * calm + bursts.burst_rate.per_second * burst) / (calm + burst);
}
double law_rate(const TraceArrivals& law, Duration horizon) {
  const auto before = std::lower_bound(law.offsets.begin(), law.offsets.end(), horizon) - law.offsets.begin();
  return static_cast<double>(before) / horizon.seconds();
}

}  // namespace

std::uint32_t FlowGraph::index_of(const OperationName& name) const {
  const auto at =
      std::lower_bound(nodes.begin(), nodes.end(), name,
                       [](const FlowNode& node, const OperationName& wanted) { return node.name < wanted; });
  return static_cast<std::uint32_t>(at - nodes.begin());
}

FlowGraph flow_graph(const Scenario& scenario) {
  FlowGraph graph;
  for (const auto& [service, parts] : scenario.services)
    for (const auto& [operation, steps] : parts.operations) graph.nodes.push_back({.name = {service, operation}});
  for (FlowNode& node : graph.nodes) {
    NodeBuilder builder(scenario, graph, node);
    const Steps& steps = scenario.services.at(node.name.service).operations.at(node.name.operation);
    for_each_step(steps, node.name.service, node.name.operation,
                  [&](const Step& step, const StepPlace& place) { builder.add(step, place); });
  }
  return graph;
}

std::vector<std::uint32_t> requested_nodes(const Scenario& scenario, const FlowGraph& graph) {
  std::set<std::uint32_t> nodes;
  for (const auto& [name, client] : scenario.clients) {
    for (const auto& [operation, weight] : client.requests.weights) nodes.insert(graph.index_of(operation));
    for (const FollowUp& next : client.then) nodes.insert(graph.index_of(next.operation));
  }
  return {nodes.begin(), nodes.end()};
}

std::vector<bool> reached_nodes(const Scenario& scenario, const FlowGraph& graph) {
  std::vector<bool> reached(graph.nodes.size());
  std::vector<std::uint32_t> front = requested_nodes(scenario, graph);
  for (const std::uint32_t node : front) reached[node] = true;
  while (!front.empty()) {
    const std::uint32_t node = front.back();
    front.pop_back();
    for (const FlowEdge& edge : graph.nodes[node].edges) {
      if (reached[edge.to]) continue;
      reached[edge.to] = true;
      front.push_back(edge.to);
    }
  }
  return reached;
}

double mean_factor(const Profile& profile, Duration horizon) {
  if (profile.empty()) return 1;
  const double end = horizon.seconds();
  double sum = profile.front().factor * std::min(profile.front().at.seconds(), end);
  for (std::size_t i = 1; i < profile.size(); ++i)
    sum += area(profile[i - 1].at.seconds(), profile[i].at.seconds(), profile[i - 1].factor, profile[i].factor, end);
  sum += profile.back().factor * std::max(0.0, end - profile.back().at.seconds());
  return sum / end;
}

double request_rate(const Client& client, Duration horizon, double work_ns) {
  if (client.arrivals) return std::visit([&](const auto& law) { return law_rate(law, horizon); }, client.arrivals->law);
  const double cycle_ns = mean_ns(client.users->think) + work_ns;
  return cycle_ns > 0 ? client.users->users * 1e9 / cycle_ns : 0;
}

std::vector<double> job_rates(const FlowGraph& graph, std::vector<double> asked) {
  constexpr int most_rounds = 2000;
  constexpr double negligible = 1e-9;
  const Components components = components_of(graph, false);
  std::vector<std::size_t> group_of(graph.nodes.size());
  for (std::size_t g = 0; g < components.size(); ++g)
    for (const std::uint32_t node : components[g]) group_of[node] = g;
  std::vector<double> rates(graph.nodes.size());
  for (std::size_t g = components.size(); g-- > 0;) {
    // Jobs that a group causes in itself come round by round, fewer each time.
    std::map<std::uint32_t, double> round;
    double most = 0;
    for (const std::uint32_t node : components[g]) most = std::max(most, round[node] = asked[node]);
    for (int i = 0; i < most_rounds && !round.empty(); ++i) {
      std::map<std::uint32_t, double> next;
      for (const auto& [node, rate] : round) {
        rates[node] += rate;
        for (const FlowEdge& edge : graph.nodes[node].edges) {
          const double caused = rate * edge.times / edge.batch;
          if (group_of[edge.to] != g)
            asked[edge.to] += caused;
          else if (caused > most * negligible)
            next[edge.to] += caused;
        }
      }
      round = std::move(next);
    }
  }
  return rates;
}

}  // namespace sojourn
