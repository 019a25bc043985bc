// What services and resources are asked for, against what they have.

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sojourn/model/checks.hpp"
#include "sojourn/model/job_times.hpp"
#include "sojourn/model/short_text.hpp"
#include "sojourn/model/walk.hpp"

namespace sojourn {
namespace {

constexpr double rounding = 1e-9;

/// Requests per second for each operation, when a client sends so many; its follow-ups too.
std::vector<double> asked_by(const Client& client, double rate, const FlowGraph& graph) {
  std::vector<double> asked(graph.nodes.size());
  double total = 0;
  for (const auto& [operation, weight] : client.requests.weights) total += weight;
  for (const auto& [operation, weight] : client.requests.weights)
    asked[graph.index_of(operation)] += rate * weight / total;
  for (const FollowUp& next : client.then) asked[graph.index_of(next.operation)] += rate;
  return asked;
}

/// Work that a client's request waits for, at least: that of its first operation.
double own_work_ns(const Client& client, const FlowGraph& graph) {
  double least = std::numeric_limits<double>::infinity();
  for (const auto& [operation, weight] : client.requests.weights)
    least = std::min(least, graph.nodes[graph.index_of(operation)].work_ns);
  return least;
}

/// A sum in the making, and its terms as text.
struct Load {
  double value = 0;
  std::string terms;

  void add(double times, double ns, const std::string& term) {
    if (!(times > 0) || !(ns > 0)) return;
    value += times * ns * 1e-9;
    terms += (terms.empty() ? "" : " + ") + term;
  }
  [[nodiscard]] std::string over(double capacity, const std::string& unit) const {
    return terms + " = " + short_number(value) + " of " + short_number(capacity) + " " + unit;
  }
};

class LoadChecks {
 public:
  LoadChecks(const Scenario& scenario, const FlowGraph& graph, const Demand& demand)
      : scenario_(scenario), graph_(graph), demand_(demand), times_(scenario, graph) {}

  Issues check() {
    for (const auto& [name, service] : scenario_.services) check_service(name, service);
    for (const auto& [name, resource] : scenario_.resources) check_resource(name, resource);
    return std::move(issues_);
  }

 private:
  void check_service(const std::string& name, const Service& service) {
    const double replicas = service.autoscaling ? service.autoscaling->maximum : service.replicas;
    if (service.cores && (service.workers.unlimited() || *service.cores < *service.workers.count)) {
      const double cores = *service.cores * replicas;
      if (warn_if_over(name, load_of(name, service, false), cores, "cores")) return;
    }
    if (service.workers.unlimited()) return;
    warn_if_over(name, load_of(name, service, service.waiting == Waiting::blocking), *service.workers.count * replicas,
                 "workers");
  }

  bool warn_if_over(const std::string& name, const Load& load, double capacity, const std::string& unit) {
    if (!(load.value > capacity * (1 + rounding))) return false;
    issues_.push_back(warning_at("overload", "/services/" + name, name + ": " + load.over(capacity, unit)));
    return true;
  }

  /// Workers in use: by work, and by waiting where a worker is held meanwhile.
  [[nodiscard]] Load load_of(const std::string& name, const Service& service, bool with_waiting) const {
    Load load;
    for (const auto& [operation, steps] : service.operations) {
      const std::uint32_t node = graph_.index_of({name, operation});
      const double jobs = demand_.open[node], messages = demand_.messages[node];
      const JobTime& time = times_.of(node);
      const double waiting = with_waiting ? time.waiting() : 0;
      if (messages <= jobs * (1 + rounding)) {
        load.add(jobs, time.work() + waiting, term(node, jobs, time.work(), waiting, ""));
        continue;
      }
      load.add(messages, time.message_work, term(node, messages, time.message_work, 0, ""));
      load.add(jobs, time.batch_work + waiting, term(node, jobs, time.batch_work, waiting, " batches"));
    }
    return load;
  }

  /// "80/s x (4ms work + 133ms waiting for payment, stock)".
  [[nodiscard]] std::string term(std::uint32_t node, double rate, double work, double waiting,
                                 const std::string& what) const {
    const std::string text = short_number(rate) + what + "/s x ";
    if (!(waiting > 0)) return text + short_duration(work);
    const std::string wait = short_duration(waiting) + " waiting" + whom(node);
    return text + (work > 0 ? "(" + short_duration(work) + " work + " + wait + ")" : wait);
  }

  /// Whose answers a job waits for, in the order of its steps.
  [[nodiscard]] std::string whom(std::uint32_t node) const {
    constexpr std::size_t most = 5;
    std::vector<std::string> names;
    const OperationName& name = graph_.nodes[node].name;
    const Steps& steps = scenario_.services.at(name.service).operations.at(name.operation);
    for_each_step(steps, name.service, name.operation, [&](const Step& step, const StepPlace& place) {
      const auto* call = std::get_if<Call>(&step.kind);
      if (call == nullptr || !(place.times > 0)) return;
      if (std::find(names.begin(), names.end(), call->operation.service) == names.end())
        names.push_back(call->operation.service);
    });
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < most; ++i) text += (i == 0 ? " for " : ", ") + names[i];
    return text + (names.size() > most ? ", ..." : "");
  }

  void check_resource(const std::string& name, const Resource& resource) {
    Load load;
    for_each_step(scenario_, [&](const Step& step, const StepPlace& place, const OperationName& operation) {
      const auto* use = std::get_if<Use>(&step.kind);
      if (use == nullptr || use->resource != name) return;
      const double rate = demand_.open[graph_.index_of(operation)] * place.times;
      const double held = times_.of(use->steps, operation.service).elapsed;
      load.add(rate, held, short_number(rate) + "/s x " + short_duration(held));
    });
    if (load.value > resource.units * (1 + rounding))
      issues_.push_back(warning_at("overload", "/resources/" + name, name + ": " + load.over(resource.units, "units")));
  }

  const Scenario& scenario_;
  const FlowGraph& graph_;
  const Demand& demand_;
  JobTimes times_;
  Issues issues_;
};

}  // namespace

Demand demand_of(const Scenario& scenario, const FlowGraph& graph) {
  std::vector<double> open(graph.nodes.size()), all = open;
  Demand demand;
  for (const auto& [name, client] : scenario.clients) {
    const double rate = request_rate(client, scenario.horizon, own_work_ns(client, graph));
    demand.requests += rate;
    const auto asked = asked_by(client, rate, graph);
    for (std::size_t i = 0; i < asked.size(); ++i) {
      all[i] += asked[i];
      if (client.arrivals) open[i] += asked[i];
    }
  }
  demand.open = job_rates(graph, open);
  demand.all = job_rates(graph, all);
  demand.messages = std::move(open);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i)
    for (const FlowEdge& edge : graph.nodes[i].edges) demand.messages[edge.to] += demand.open[i] * edge.times;
  return demand;
}

Issues check_load(const Scenario& scenario, const FlowGraph& graph, const Demand& demand) {
  return LoadChecks(scenario, graph, demand).check();
}

}  // namespace sojourn
