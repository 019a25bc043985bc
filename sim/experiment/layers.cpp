#include "sojourn/experiment/layers.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <variant>

#include "sojourn/model/walk.hpp"
#include "sojourn/theory/open_network.hpp"
#include "sojourn/theory/retries.hpp"

namespace sojourn {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

bool waits_for_others(const Passage& passage) { return passage.time_s > passage.work.mean * (1 + 1e-12); }

}  // namespace

Layers::Layers(const Scenario& scenario)
    : scenario_(&scenario), graph_(flow_graph(scenario)), passages_(passages_of(scenario, graph_)) {
  for (const FlowNode& node : graph_.nodes)
    ways_.push_back(ways_of(scenario.services.at(node.name.service).operations.at(node.name.operation)));
  for (const auto& group : components_of(graph_, true))
    callers_first_.insert(callers_first_.begin(), group.begin(), group.end());
  make_layers();
  make_sources();
  for (Layer& layer : layers_) layer.memoryless = is_memoryless(layer);
}

/// Of the operations that anybody asks for.
bool Layers::is_memoryless(const Layer& layer) const {
  std::optional<std::int64_t> mean;
  bool alike = true;
  for (const std::uint32_t node : layer.operations) {
    if (std::none_of(sources_.begin(), sources_.end(), [&](const Source& s) { return s.jobs[node] > 0; })) continue;
    const OperationName& name = graph_.nodes[node].name;
    const Steps& steps = scenario_->services.at(name.service).operations.at(name.operation);
    for_each_step(steps, name.service, name.operation, [&](const Step& step, const StepPlace&) {
      const auto* work = std::get_if<Work>(&step.kind);
      if (work == nullptr || is_zero(work->time)) return;
      const auto* law = std::get_if<Exponential>(&work->time.kind);
      alike = alike && law != nullptr && (!mean || *mean == law->mean.ns);
      if (law != nullptr) mean = law->mean.ns;
    });
    const Ways& ways = ways_[node];
    const bool once = layer.queues_once() && !layer.holds ? ways.works_exactly_once() : ways.longest_run() <= 1;
    alike = alike && once && !ways.branches && std::fabs(passages_[node].works - passages_[node].stretches) < 1e-9;
  }
  return alike && mean.has_value();
}

void Layers::make_layers() {
  layer_of_.resize(graph_.nodes.size());
  for (const auto& [name, service] : scenario_->services) {
    Layer layer{.name = name, .service = &service};
    for (const auto& [operation, steps] : service.operations) {
      layer.operations.push_back(graph_.index_of({name, operation}));
      layer_of_[layer.operations.back()] = static_cast<std::uint32_t>(layers_.size());
      const Passage& passage = passages_[layer.operations.back()];
      const bool calls =
          std::any_of(passage.legs.begin(), passage.legs.end(), [](const Leg& leg) { return leg.waits; });
      if (service.waiting == Waiting::blocking && (calls || waits_for_others(passage))) layer.holds = true;
    }
    layer.workers = service.workers.count ? static_cast<double>(*service.workers.count) * service.replicas : infinite;
    layer.cores = service.cores ? std::min(*service.cores * service.replicas, layer.workers) : layer.workers;
    if (std::isinf(layer.workers)) layer.holds = false;
    layers_.push_back(std::move(layer));
  }
}

void Layers::make_sources() {
  std::vector<Route> routes;
  for (std::size_t from = 0; from < passages_.size(); ++from)
    for (const Leg& leg : passages_[from].legs) routes.push_back({from, leg.operation, leg.times});
  for (const auto& [name, client] : scenario_->clients) {
    Source source{.name = name, .client = &client, .asks = std::vector<double>(passages_.size(), 0)};
    if (client.arrivals) source.rate_per_s = request_rate(client, scenario_->horizon, 0);
    double total = 0;
    for (const auto& [operation, weight] : client.requests.weights) total += weight;
    const bool retries = client.retry && client.retry->answers_to(RetryOn::failed);
    for (const auto& [operation, weight] : client.requests.weights) {
      const std::uint32_t node = graph_.index_of(operation);
      const double fails = passages_[node].fails;
      source.fails += fails * weight / total;
      source.asks[node] += weight / total * attempts_of(retries ? client.retry->attempts : 1, fails).mean;
    }
    std::vector<double> outside = source.asks;
    for (const FollowUp& next : client.then) outside[graph_.index_of(next.operation)] += 1;
    source.jobs = traffic(outside, routes).value_or(std::vector<double>(passages_.size(), 0));
    sources_.push_back(std::move(source));
  }
}

std::vector<double> Layers::job_rates(const std::vector<double>& requests_per_s) const {
  std::vector<double> rates(passages_.size(), 0);
  for (std::size_t s = 0; s < sources_.size(); ++s)
    for (std::size_t node = 0; node < rates.size(); ++node) rates[node] += requests_per_s[s] * sources_[s].jobs[node];
  return rates;
}

ServiceLoad Layers::load_of(const Layer& layer, const std::vector<double>& jobs_per_s) const {
  ServiceLoad load;
  Moments sum;
  for (const std::uint32_t node : layer.operations) {
    const Passage& passage = passages_[node];
    const double jobs = jobs_per_s[node];
    const bool once = layer.holds || layer.service->waiting == Waiting::blocking;
    const double stretches =
        once ? std::min(1.0, std::max(passage.stretches, layer.holds ? 1.0 : 0.0)) : passage.stretches;
    load.jobs_per_s += jobs;
    load.stretches_per_s += jobs * stretches;
    sum.mean += jobs * passage.work.mean;
    const double more = std::max(1.0, stretches);
    sum.second += jobs * (more > 1 ? passage.work.variance() + passage.work.mean * passage.work.mean / more
                                   : passage.work.second);
  }
  if (load.stretches_per_s > 0) load.stretch = {sum.mean / load.stretches_per_s, sum.second / load.stretches_per_s};
  return load;
}

double Layers::time_variance(std::uint32_t operation) const {
  std::vector<double> times(passages_.size(), 0);
  times[operation] = 1;
  double sum = 0;
  for (const std::uint32_t node : callers_first_) {
    if (times[node] <= 0) continue;
    sum += times[node] * passages_[node].work.variance();
    for (const Leg& leg : passages_[node].legs)
      if (leg.waits) times[leg.operation] += times[node] * leg.times;
  }
  return sum;
}

double Layers::messages_to(std::uint32_t operation, const std::vector<double>& jobs_per_s) const {
  double messages = 0;
  for (std::uint32_t node = 0; node < jobs_per_s.size(); ++node)
    for (const Leg& leg : passages_[node].legs)
      if (!leg.waits && leg.operation == operation) messages += jobs_per_s[node] * leg.times;
  return messages;
}

std::string Layers::growing_backlog(std::uint32_t operation, const std::vector<double>& jobs_per_s) const {
  const OperationName& name = graph_.nodes[operation].name;
  for (const auto& [topic_name, topic] : scenario_->topics) {
    const auto subscription = topic.subscriptions.find(name);
    if (subscription == topic.subscriptions.end()) continue;
    const double at_once = std::min(static_cast<double>(topic.partitions.value_or(0xffffffffU)),
                                    static_cast<double>(subscription->second.concurrency.value_or(0xffffffffU)));
    if (messages_to(operation, jobs_per_s) * passages_[operation].time_s >= at_once)
      return topic_name == name.text() ? topic_name : topic_name + " for " + name.text();
  }
  return "";
}

std::vector<double> Layers::most_visits(const Source& source) const {
  std::vector<double> most(layers_.size(), 0);
  for (std::uint32_t asked = 0; asked < source.asks.size(); ++asked) {  // a request asks for one of them
    if (!(source.asks[asked] > 0)) continue;
    std::vector<double> now(passages_.size(), 0), visits(layers_.size(), 0);
    now[asked] = 1;
    // Nobody comes back where there is no cycle; a cycle has no end.
    bool any = true;
    for (std::size_t depth = 0; any && depth <= passages_.size(); ++depth) {
      std::vector<double> next(passages_.size(), 0);
      any = false;
      for (std::uint32_t node = 0; node < now.size(); ++node) {
        if (!(now[node] > 0)) continue;
        visits[layer_of_[node]] += depth == passages_.size() ? infinite : now[node];
        for (const Leg& leg : passages_[node].legs) {
          if (!(leg.times > 0)) continue;
          next[leg.operation] += now[node] * leg.most;
          any = true;
        }
      }
      now = std::move(next);
    }
    for (std::size_t i = 0; i < most.size(); ++i) most[i] = std::max(most[i], visits[i]);
  }
  return most;
}

std::set<std::uint32_t> Layers::waited_for(const std::vector<double>& asks) const {
  std::set<std::uint32_t> found;
  std::vector<std::uint32_t> front;
  for (std::uint32_t node = 0; node < asks.size(); ++node)
    if (asks[node] > 0 && found.insert(node).second) front.push_back(node);
  while (!front.empty()) {
    const std::uint32_t node = front.back();
    front.pop_back();
    for (const Leg& leg : passages_[node].legs)
      if (leg.waits && found.insert(leg.operation).second) front.push_back(leg.operation);
  }
  return found;
}

/// What a customer asks of the services in a round, while it is gathered.
struct Layers::Visits {
  std::map<std::uint32_t, double> demands;  ///< work, by layer
  std::map<std::uint32_t, double> visits;
  std::set<std::uint32_t> composite;  ///< stand for all that they call
  double delay_s = 0;
  double in_turn_s = 0;  ///< all times, one after the other
  bool exact = true;
};

void Layers::visit_own(const Layer& layer, double times, std::uint32_t operation, Visits& visits) const {
  const Passage& passage = passages_[operation];
  visits.delay_s += times * passage.idle_s;
  visits.in_turn_s += times * (passage.idle_s + passage.work.mean);
  visits.exact = visits.exact && !passage.forks;
  const std::uint32_t index = layer_of_[operation];
  if (std::isinf(layer.capacity())) {
    visits.delay_s += times * passage.work.mean;
  } else {
    visits.demands[index] += times * passage.work.mean;
    visits.visits[index] += times * std::max(1.0, passage.stretches);
  }
}

// Called services whose own workers cannot run out are stations among the others; others stand for all below them.
void Layers::visit(std::vector<double> times, double customers, Visits& visits) const {
  for (const std::uint32_t node : callers_first_) {
    if (times[node] <= 0) continue;
    const std::uint32_t index = layer_of_[node];
    const Layer& layer = layers_[index];
    if (layer.holds && layer.workers < customers) {
      visits.visits[index] += times[node];
      visits.demands[index] += times[node] * passages_[node].work.mean;
      visits.composite.insert(index);
      visits.in_turn_s += times[node] * passages_[node].time_s;
      visits.exact = false;
      continue;
    }
    visit_own(layer, times[node], node, visits);
    for (const Leg& leg : passages_[node].legs)
      if (leg.waits) times[leg.operation] += times[node] * leg.times;
  }
}

ClosedStation Layers::station_of(std::uint32_t index, double demand, double customers,
                                 const std::vector<double>& jobs_per_s, double own_rate, Round& round) const {
  const Layer& layer = layers_[index];
  const double others = std::max(0.0, load_of(layer, jobs_per_s).work_per_s() - own_rate * demand);
  const double free = layer.capacity() - others;  // servers
  if (!(free > 0)) round.saturated = true;
  if (others > 1e-9 * layer.capacity()) round.exact = false;
  const bool all_at_once = others <= 1e-9 * layer.capacity() && layer.capacity() >= customers;
  if (!layer.memoryless && !all_at_once && !std::isinf(layer.workers)) round.exact = false;
  if (layer.cores < layer.workers && layer.service->replicas > 1) round.exact = false;
  if (layer.service->replicas > 1 && layer.service->balancing != Balancing::shared_queue) round.exact = false;
  ClosedStation station;
  const double most = customers <= most_customers ? std::ceil(std::min(layer.capacity(), customers)) : 1;
  for (double n = 1; n <= most; ++n) station.rates.push_back(std::max(1e-300, std::min(n, free)) / demand);
  if (customers > most_customers) station.rates.push_back(std::max(1e-300, std::min(free, customers)) / demand);
  return station;
}

Round Layers::round_of(const std::vector<double>& asks, double delay_s, double customers,
                       const std::vector<double>& jobs_per_s, double rounds_per_s) const {
  Visits visits;
  double base_s = delay_s;
  for (std::uint32_t node = 0; node < asks.size(); ++node) {
    if (asks[node] <= 0) continue;
    base_s += asks[node] * passages_[node].time_s;
  }
  visit(asks, customers, visits);
  Round round;
  round.exact = visits.exact;
  if (base_s > 0) round.overlap = std::max(1.0, (delay_s + visits.in_turn_s) / base_s);
  round.stations.push_back(delay_station(delay_s + visits.delay_s));
  for (const auto& [index, demand] : visits.demands) {
    const double often = visits.visits[index];
    if (visits.composite.contains(index)) {
      const Held held = this->held(index, jobs_per_s);
      ClosedStation station;
      double own = 0;
      for (const std::uint32_t node : layers_[index].operations) own += jobs_per_s[node];
      const double others = std::max(0.0, own - rounds_per_s * often);
      if (held.rates.back() <= others) round.saturated = true;
      for (const double rate : held.rates)
        station.rates.push_back(std::max(1e-300, std::min(rate, held.rates.back() - others)) / often);
      round.stations.push_back(std::move(station));
    } else if (demand > 0) {
      round.stations.push_back(station_of(index, demand, customers, jobs_per_s, rounds_per_s, round));
    } else {
      continue;
    }
    round.layers.push_back(index);
    round.visits.push_back(often);
    round.demands.push_back(demand);
  }
  return round;
}

Layers::Held Layers::held_by(const std::vector<double>& shares, double customers, const std::vector<double>& jobs_per_s,
                             double own_rate) const {
  Round round = round_of(shares, 0, customers, jobs_per_s, own_rate);
  if (round.saturated) return {.rates = {0}, .all_known = true, .exact = false};
  const double together = std::ceil(customers * round.overlap - 1e-9);
  if (customers <= most_customers) {
    std::vector<double> all = closed_throughputs(round.stations, static_cast<std::size_t>(together));
    Held held{.rates = {}, .all_known = true, .exact = round.exact};
    for (double n = 1; n <= customers; ++n)
      held.rates.push_back(
          all[std::min(all.size(), static_cast<std::size_t>(std::ceil(n * round.overlap - 1e-9))) - 1]);
    return held;
  }
  return {.rates = {approximate_closed_network(round.stations, 1).throughput_per_s,
                    approximate_closed_network(round.stations, together).throughput_per_s},
          .all_known = false,
          .exact = false};
}

Layers::Held Layers::held(std::uint32_t index, const std::vector<double>& jobs_per_s) const {
  const Layer& layer = layers_[index];
  std::vector<double> shares(passages_.size(), 0);
  double total = 0;
  for (const std::uint32_t node : layer.operations) total += jobs_per_s[node];
  if (!(total > 0)) return {.rates = {infinite}, .all_known = true, .exact = true};
  for (const std::uint32_t node : layer.operations) shares[node] = jobs_per_s[node] / total;
  return held_by(shares, layer.workers, jobs_per_s, total);
}

}  // namespace sojourn
