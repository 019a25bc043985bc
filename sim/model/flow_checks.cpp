#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sojourn/model/flow.hpp"
#include "sojourn/model/short_text.hpp"
#include "sojourn/model/validation.hpp"
#include "sojourn/model/walk.hpp"

namespace sojourn {
namespace {

constexpr double most_events = 1e11;
constexpr double certain = 1 - 1e-9;  // a loop that goes on this surely never ends

/// What is asked of a scenario per second.
struct Demand {
  std::vector<double> open;  ///< jobs of each operation, caused by open clients
  std::vector<double> all;   ///< by all clients
  double requests = 0;
};

class FlowChecks {
 public:
  explicit FlowChecks(const Scenario& scenario) : scenario_(scenario), graph_(flow_graph(scenario)) {}

  Issues check() {
    check_calls();
    if (!issues_.empty()) return std::move(issues_);
    check_events();
    if (!issues_.empty()) return std::move(issues_);
    const Demand demand = demand_of();
    check_cost(demand);
    if (!issues_.empty()) return std::move(issues_);
    warn_unreachable();
    warn_topics();
    warn_heavy_tails();
    append(check_waits(scenario_, graph_));
    warn_overload(demand);
    return std::move(issues_);
  }

 private:
  void error(std::string pointer, std::string message) {
    issues_.push_back(
        {.severity = Severity::error, .line = 0, .pointer = std::move(pointer), .message = std::move(message)});
  }
  void warn(std::string name, std::string pointer, std::string message) {
    issues_.push_back({.severity = Severity::warning,
                       .line = 0,
                       .pointer = std::move(pointer),
                       .message = std::move(message),
                       .name = std::move(name)});
  }

  // ---- what never ends ----

  /// Operations that clients ask for.
  [[nodiscard]] std::set<std::uint32_t> requested() const {
    std::set<std::uint32_t> nodes;
    for (const auto& [name, client] : scenario_.clients)
      for (const auto& [operation, weight] : client.requests.weights) nodes.insert(graph_.index_of(operation));
    return nodes;
  }

  /// The cycle that best shows why a group does not end; it begins where a client enters, if one does.
  [[nodiscard]] std::vector<const FlowEdge*> cycle_of(const std::vector<std::uint32_t>& group, bool calls_only) const {
    const auto asked = requested();
    const auto entered =
        std::find_if(group.begin(), group.end(), [&](std::uint32_t node) { return asked.contains(node); });
    return cycle_through(graph_, group, entered == group.end() ? group.front() : *entered, calls_only);
  }

  /// "a.x -> b.y -> a.x", cut when long.
  [[nodiscard]] std::string text_of(const std::vector<const FlowEdge*>& cycle) const {
    constexpr std::size_t most = 10;
    std::string text = graph_.nodes[cycle.back()->to].name.text();
    for (std::size_t i = 0; i < cycle.size(); ++i) {
      if (i == most && cycle.size() > most + 1) text += " -> ... (" + std::to_string(cycle.size()) + " operations)";
      if (i < most || i + 1 == cycle.size()) text += " -> " + graph_.nodes[cycle[i]->to].name.text();
    }
    return text;
  }

  void check_calls() {
    for (const auto& group : components_of(graph_, true)) {
      const auto cycle = cycle_of(group, true);
      if (!cycle.empty())
        error(cycle.front()->pointer,
              "expected calls that come to an end, found a cycle of calls that wait for each other: " + text_of(cycle) +
                  "; publish a message in place of one of them");
    }
  }

  void check_events() {
    for (const auto& group : components_of(graph_, false)) {
      const auto cycle = cycle_of(group, false);
      const double offspring = cycle.empty() ? 0 : mean_offspring(graph_, group);
      if (offspring >= certain)
        error(cycle.front()->pointer, "expected messages that die out, found a loop in which each causes " +
                                          short_number(offspring) + " more on average: " + text_of(cycle) +
                                          "; let it go on with a probability below 1");
    }
  }

  // ---- what it costs ----

  [[nodiscard]] std::vector<double> asked_by(const Client& client, double rate) const {
    std::vector<double> asked(graph_.nodes.size());
    double total = 0;
    for (const auto& [operation, weight] : client.requests.weights) total += weight;
    for (const auto& [operation, weight] : client.requests.weights)
      asked[graph_.index_of(operation)] += rate * weight / total;
    return asked;
  }

  /// Work that a client's request waits for, at least: that of its first operation.
  [[nodiscard]] double own_work_ns(const Client& client) const {
    double least = std::numeric_limits<double>::infinity();
    for (const auto& [operation, weight] : client.requests.weights)
      least = std::min(least, graph_.nodes[graph_.index_of(operation)].work_ns);
    return least;
  }

  [[nodiscard]] Demand demand_of() const {
    std::vector<double> open(graph_.nodes.size()), all = open;
    Demand demand;
    for (const auto& [name, client] : scenario_.clients) {
      const double rate = request_rate(client, scenario_.horizon, own_work_ns(client));
      demand.requests += rate;
      const auto asked = asked_by(client, rate);
      for (std::size_t i = 0; i < asked.size(); ++i) {
        all[i] += asked[i];
        if (client.arrivals) open[i] += asked[i];
      }
    }
    demand.open = job_rates(graph_, open);
    demand.all = job_rates(graph_, all);
    return demand;
  }

  /// The most attempts that one request can lead to, along one way of calls.
  [[nodiscard]] double most_attempts() const {
    std::vector<double> attempts(graph_.nodes.size(), 1);
    for (const auto& group : components_of(graph_, true))
      for (const std::uint32_t node : group)
        for (const FlowEdge& edge : graph_.nodes[node].edges)
          if (edge.is_call) attempts[node] = std::max(attempts[node], edge.attempts * attempts[edge.to]);
    double most = 1;
    for (const auto& [name, client] : scenario_.clients)
      for (const auto& [operation, weight] : client.requests.weights)
        most = std::max(most, (client.retry ? client.retry->attempts : 1) * attempts[graph_.index_of(operation)]);
    return most;
  }

  void check_cost(const Demand& demand) {
    double steps = 0;
    for (std::size_t i = 0; i < demand.all.size(); ++i) steps += demand.all[i] * (1 + graph_.nodes[i].steps);
    if (!(demand.requests > 0)) return;
    struct Factor {
      double value;
      std::string text, pointer;
    };
    const double hops = steps / demand.requests;
    std::vector<Factor> factors{
        {demand.requests, short_number(demand.requests) + " requests/s", "/clients"},
        {scenario_.horizon.seconds(), short_number(scenario_.horizon.seconds()) + " s", "/horizon"},
        {hops, short_number(hops) + " hops a request", "/services"},
        {most_attempts(), short_number(most_attempts()) + " attempts at most", "/services"},
        {static_cast<double>(scenario_.replications), std::to_string(scenario_.replications) + " replications",
         "/replications"}};
    double events = 1;
    std::string product;
    for (const Factor& factor : factors) {
      if (factor.value == 1) continue;
      events *= factor.value;
      product += (product.empty() ? "" : " x ") + factor.text;
    }
    if (events <= most_events) return;
    std::stable_sort(factors.begin(), factors.end(),
                     [](const Factor& a, const Factor& b) { return a.value > b.value; });
    error(factors[0].pointer, "expected at most " + short_number(most_events) + " events, found about " +
                                  short_number(events) + " = " + product + "; the largest factors are " +
                                  factors[0].text + " and " + factors[1].text);
  }

  // ---- what is doubtful ----

  void append(const Issues& more) { issues_.insert(issues_.end(), more.begin(), more.end()); }

  void warn_unreachable() {
    std::set<std::uint32_t> reached = requested();
    std::vector<std::uint32_t> front(reached.begin(), reached.end());
    while (!front.empty()) {
      const std::uint32_t node = front.back();
      front.pop_back();
      for (const FlowEdge& edge : graph_.nodes[node].edges)
        if (reached.insert(edge.to).second) front.push_back(edge.to);
    }
    std::set<std::string> services;
    for (const std::uint32_t node : reached) services.insert(graph_.nodes[node].name.service);
    for (const auto& [name, service] : scenario_.services)
      if (!services.contains(name))
        warn("unreachable-service", "/services/" + name,
             "no request leads to '" + name + "': nobody calls it or sends it messages");
  }

  void warn_topics() {
    std::set<std::string> published;
    for_each_step(scenario_, [&](const Step& step, const StepPlace&, const OperationName&) {
      if (const auto* publish = std::get_if<Publish>(&step.kind)) published.insert(publish->topic);
    });
    for (const auto& [name, topic] : scenario_.topics) {
      if (!published.contains(name)) warn("unused-topic", "/topics/" + name, "no step publishes to '" + name + "'");
      if (topic.subscriptions.empty())
        warn("no-subscribers", "/topics/" + name,
             "no operation subscribes to '" + name + "': its messages are handled by nobody");
    }
  }

  void warn_heavy_tail(const Distribution& distribution, const std::string& pointer) {
    if (!std::isfinite(mean_ns(distribution)))
      warn("infinite-mean", pointer,
           "the mean is infinite: averages of a run say nothing, quantiles do; give it a maximum");
    else if (!std::isfinite(variance_ns2(distribution)))
      warn("infinite-variance", pointer,
           "the variance is infinite: averages settle slowly and intervals are too narrow");
  }

  void warn_heavy_tails() {
    warn_heavy_tail(scenario_.network.latency, "/network/latency");
    for_each_step(scenario_, [&](const Step& step, const StepPlace& place, const OperationName&) {
      if (const auto* work = std::get_if<Work>(&step.kind)) warn_heavy_tail(work->time, place.pointer + "/work");
      if (const auto* delay = std::get_if<Delay>(&step.kind)) warn_heavy_tail(delay->time, place.pointer + "/delay");
    });
  }

  void warn_overload(const Demand& demand) {
    for (const auto& [name, service] : scenario_.services) {
      if (service.workers.unlimited()) continue;
      const double workers = static_cast<double>(*service.workers.count) * service.replicas;
      double load = 0;
      std::string terms;
      for (const auto& [operation, steps] : service.operations) {
        const std::uint32_t node = graph_.index_of({name, operation});
        const double work = demand.open[node] * graph_.nodes[node].work_ns * 1e-9;
        if (!(work > 0)) continue;
        load += work;
        terms += (terms.empty() ? "" : " + ") + short_number(demand.open[node]) + "/s x " +
                 short_duration(graph_.nodes[node].work_ns);
      }
      if (load > workers * (1 + 1e-9))
        warn("overload", "/services/" + name,
             name + ": " + terms + " = " + short_number(load) + " of " + short_number(workers) + " workers");
    }
  }

  const Scenario& scenario_;
  FlowGraph graph_;
  Issues issues_;
};

}  // namespace

Issues check_flows(const Scenario& scenario) { return FlowChecks(scenario).check(); }

}  // namespace sojourn
