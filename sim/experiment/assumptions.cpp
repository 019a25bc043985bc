#include "sojourn/experiment/assumptions.hpp"

#include <algorithm>
#include <cmath>
#include <variant>

#include "sojourn/model/walk.hpp"

namespace sojourn {

namespace {

std::string arrivals_obstacle(const Client& client) {
  if (!client.arrivals) return "";
  if (std::holds_alternative<BurstyArrivals>(client.arrivals->law)) return "arrivals come in bursts";
  if (std::holds_alternative<TraceArrivals>(client.arrivals->law)) return "arrivals follow a trace";
  const auto* poisson = std::get_if<PoissonArrivals>(&client.arrivals->law);
  const auto* constant = std::get_if<ConstantArrivals>(&client.arrivals->law);
  if ((poisson != nullptr && !poisson->profile.empty()) || (constant != nullptr && !constant->profile.empty()))
    return "the rate of arrivals changes over time";
  return "";
}

std::string service_obstacle(const std::string& name, const Service& service) {
  if (service.failures) return name + " has failures";
  if (service.autoscaling) return name + " has autoscaling";
  if (service.scalability) return name + " slows down with its load";
  if (service.rate_limit) return name + " has a rate limit";
  if (service.queue.max_wait) return name + " refuses jobs that waited too long";
  return "";
}

std::string step_obstacle(const Step& step, const OperationName& name) {
  if (std::holds_alternative<Await>(step.kind)) return name.text() + " awaits messages";
  if (std::holds_alternative<Use>(step.kind)) return name.text() + " uses a resource";
  const auto* call = std::get_if<Call>(&step.kind);
  if (call == nullptr) return "";
  const std::string to = name.service + "->" + call->operation.text();
  if (call->hedge) return to + " is hedged";
  if (call->circuit_breaker) return to + " has a circuit breaker";
  if (call->rate_limit) return to + " has a rate limit";
  if (call->bulkhead) return to + " has a bulkhead";
  return "";
}

/// Topics whose messages come to a service in another way than one by one, as soon as they can.
std::string topics_obstacle(const Scenario& scenario, const std::set<std::string>& services) {
  for (const auto& [name, topic] : scenario.topics)
    for (const auto& [operation, options] : topic.subscriptions) {
      if (!services.contains(operation.service)) continue;
      if (options.batch) return operation.text() + " takes messages in batches";
      if (options.poll) return operation.text() + " polls for messages";
      if (topic.failures) return "topic " + name + " has failures";
    }
  return "";
}

bool has_priorities(const Scenario& scenario) {
  std::set<std::int32_t> priorities;
  for (const auto& [name, client] : scenario.clients) priorities.insert(client.priority);
  for_each_step(scenario, [&](const Step& step, const StepPlace&, const OperationName&) {
    if (const auto* call = std::get_if<Call>(&step.kind); call != nullptr && call->priority)
      priorities.insert(*call->priority);
    if (const auto* publish = std::get_if<Publish>(&step.kind); publish != nullptr && publish->priority)
      priorities.insert(*publish->priority);
  });
  return priorities.size() > 1;
}

/// Whether a service that anybody asks for may refuse what comes: retries answer that too.
bool any_refuses(const Layers& layers) {
  return std::any_of(layers.layers().begin(), layers.layers().end(), [&](const Layer& layer) {
    if (std::isinf(layer.workers) || layer.service->queue.capacity.unlimited()) return false;
    for (const Source& source : layers.sources())
      for (const std::uint32_t node : layer.operations)
        if (source.jobs[node] > 0) return true;
    return false;
  });
}

/// Something on a call that a network of queues knows nothing of.
std::string call_inexactness(const Layers& layers, const Step& step, const OperationName& name) {
  const auto* call = std::get_if<Call>(&step.kind);
  if (call == nullptr) return "";
  const std::string to = name.service + "->" + call->operation.text();
  if (call->timeout) return to + " has a timeout";
  const double fails = layers.passages()[layers.graph().index_of(call->operation)].fails;
  if (call->retry && (fails > 0 || any_refuses(layers))) return to + " is tried again";
  return step_obstacle(step, name);
}

std::string topic_inexactness(const std::string& name, const Topic& topic) {
  if (topic.partitions) return "topic " + name + " has partitions";
  if (!topic.capacity.unlimited()) return "topic " + name + " has a capacity";
  if (topic.expires) return "messages of " + name + " expire";
  if (topic.duplicates > 0) return "messages of " + name + " come twice";
  for (const auto& [operation, options] : topic.subscriptions)
    if (options.concurrency) return operation.text() + " has a limited concurrency";
  return "";
}

std::string client_inexactness(const Layers& layers, const Source& source, Exactness exactness) {
  const Client& client = *source.client;
  const std::string& name = source.name;
  if (client.timeout) return name + " has a timeout";
  if (client.retry && (source.fails > 0 || any_refuses(layers))) return name + " tries again";
  if (!client.then.empty()) return name + " has follow-up requests";
  if (exactness == Exactness::of_times && client.arrivals && !is_poisson(client))
    return "arrivals of " + name + " are no Poisson stream";
  return "";
}

std::string service_inexactness(const Layers& layers, const Layer& layer) {
  const Service& service = *layer.service;
  if (service.queue.discipline == Discipline::priority && has_priorities(layers.scenario()))
    return layer.name + " has priorities";
  if (!splits_fairly(service)) return layer.name + " balances between queues";
  if (layer.cores < layer.workers && (service.replicas > 1 || layer.cores != std::floor(layer.cores)))
    return layer.name + " shares cores";
  return "";
}

}  // namespace

bool is_poisson(const Client& client) {
  const auto* poisson = client.arrivals ? std::get_if<PoissonArrivals>(&client.arrivals->law) : nullptr;
  if (poisson != nullptr) return poisson->profile.empty();
  const auto* renewal = client.arrivals ? std::get_if<RenewalArrivals>(&client.arrivals->law) : nullptr;
  return renewal != nullptr && std::holds_alternative<Exponential>(renewal->gap.kind);
}

bool splits_fairly(const Service& service) {
  return service.replicas == 1 || service.balancing == Balancing::shared_queue ||
         (service.balancing == Balancing::random);
}

std::string obstacle(const Layers& layers, const Source& source) {
  const Scenario& scenario = layers.scenario();
  if (!scenario.incidents.empty()) return "there are incidents";
  std::set<std::string> services;
  std::set<OperationName> operations;
  for (const std::uint32_t node : layers.waited_for(source.asks)) {
    services.insert(layers.graph().nodes[node].name.service);
    operations.insert(layers.graph().nodes[node].name);
  }
  for (const Source& other : layers.sources()) {
    const bool meets = std::any_of(services.begin(), services.end(), [&](const std::string& service) {
      for (std::uint32_t node = 0; node < other.jobs.size(); ++node)
        if (other.jobs[node] > 0 && layers.graph().nodes[node].name.service == service) return true;
      return false;
    });
    if (const std::string why = arrivals_obstacle(*other.client); !why.empty() && meets) return why;
  }
  for (const std::string& name : services) {
    const Service& service = scenario.services.at(name);
    if (const std::string why = service_obstacle(name, service); !why.empty()) return why;
    if (service.queue.discipline == Discipline::priority && has_priorities(scenario)) return name + " has priorities";
  }
  if (const std::string why = topics_obstacle(scenario, services); !why.empty()) return why;
  std::string found;
  for_each_step(scenario, [&](const Step& step, const StepPlace&, const OperationName& name) {
    if (found.empty() && operations.contains(name)) found = step_obstacle(step, name);
  });
  return found;
}

std::string inexactness(const Layers& layers, Exactness exactness) {
  const Scenario& scenario = layers.scenario();
  if (!scenario.incidents.empty()) return "there are incidents";
  if (scenario.network.loss > 0) return "the network loses messages";
  for (const auto& [name, link] : scenario.network.links)
    if (link.loss.value_or(0) > 0) return name.text() + " loses messages";
  for (const Source& source : layers.sources())
    if (const std::string why = client_inexactness(layers, source, exactness); !why.empty()) return why;
  for (const Layer& layer : layers.layers()) {
    if (const std::string why = service_obstacle(layer.name, *layer.service); !why.empty()) return why;
    if (exactness == Exactness::of_loads) continue;
    if (const std::string why = service_inexactness(layers, layer); !why.empty()) return why;
  }
  for (const auto& [name, topic] : scenario.topics)
    if (const std::string why = topic_inexactness(name, topic); !why.empty()) return why;
  std::set<std::string> services;
  for (const Layer& layer : layers.layers()) services.insert(layer.name);
  std::string found = topics_obstacle(scenario, services);
  for_each_step(scenario, [&](const Step& step, const StepPlace&, const OperationName& name) {
    if (found.empty()) found = call_inexactness(layers, step, name);
    if (found.empty()) found = step_obstacle(step, name);
  });
  return found;
}

std::string station_inexactness(const Layers& layers, std::uint32_t i, const std::vector<double>& jobs_per_s) {
  const Layer& layer = layers.layers()[i];
  if (std::isinf(layer.capacity())) return "";
  bool called = false;
  for (const Source& source : layers.sources())
    for (const std::uint32_t node : layer.operations) called = called || source.asks[node] > 0;
  std::set<std::uint32_t> tells;
  for (std::uint32_t node = 0; node < jobs_per_s.size(); ++node)
    for (const Leg& leg : layers.passages()[node].legs) {
      if (!(jobs_per_s[node] > 0) || layers.layer_of(leg.operation) != i) continue;
      called = called || leg.waits;
      if (!leg.waits) tells.insert(leg.operation);
    }
  const std::size_t told = tells.size();
  if (told > 0 && called) return "it takes calls before messages";
  if (told > 1) return "it takes messages for several operations";
  const Service& service = *layer.service;
  const bool own_queues = service.replicas > 1 && service.balancing != Balancing::shared_queue;
  if (told > 0 && !service.queue.capacity.unlimited()) return "its queue refuses no messages";
  if (told > 0 && own_queues) return "its replicas take messages from one topic";
  for (const std::uint32_t node : layer.operations) {
    if (!(jobs_per_s[node] > 0)) continue;
    const std::string name = layers.graph().nodes[node].name.text();
    const Ways& ways = layers.ways()[node];
    if (ways.branches) return name + " has branches";
    if (layers.passages()[node].rough) return name + " ends differently after different work";
    const bool bounded = !service.queue.capacity.unlimited();
    if (bounded && !layer.queues_once() && !ways.begins_with_work) return name + " begins before it needs a worker";
    if (told > 0 && !std::isinf(layer.workers) && ways.waits())
      return name + " has a limited number of messages in hand";
    if (!layer.queues_once() && !layer.memoryless && ways.works_after_waiting()) return name + " works more than once";
    const bool once = ways.always_works() && std::fabs(layers.passages()[node].stretches - 1) < 1e-9;
    if (!layer.queues_once() && !layer.memoryless && !once) return name + " does not always work";
  }
  return "";
}

std::vector<std::string> left_out_of(const Scenario& scenario) {
  bool timeouts = false, hedges = false, resources = false, awaits = false;
  for (const auto& [name, client] : scenario.clients) timeouts = timeouts || client.timeout;
  for_each_step(scenario, [&](const Step& step, const StepPlace&, const OperationName&) {
    const auto* call = std::get_if<Call>(&step.kind);
    timeouts = timeouts || (call != nullptr && call->timeout);
    hedges = hedges || (call != nullptr && call->hedge);
    resources = resources || std::holds_alternative<Use>(step.kind);
    awaits = awaits || std::holds_alternative<Await>(step.kind);
  });
  std::vector<std::string> texts;
  if (timeouts)
    texts.emplace_back("timeouts, and the attempts they cause, are left out: failures come from 'fails' only");
  if (hedges) texts.emplace_back("hedged copies are left out of the load");
  if (resources) texts.emplace_back("waiting for resources is left out");
  if (awaits) texts.emplace_back("the time of 'await' is left out");
  if (!scenario.incidents.empty()) texts.emplace_back("incidents are left out: this is the load without them");
  for (const auto& [name, service] : scenario.services) {
    if (service.failures) texts.push_back("failures of " + name + " are left out: all replicas count");
    if (service.autoscaling)
      texts.push_back("autoscaling of " + name + " is left out: it has the replicas it starts with");
    if (service.rate_limit || service.queue.max_wait || !service.queue.capacity.unlimited())
      texts.push_back("what " + name + " refuses counts as carried in the loads");
    if (service.scalability) texts.push_back("the slowing of " + name + " under load is left out");
  }
  for (const auto& [name, topic] : scenario.topics)
    for (const auto& [operation, options] : topic.subscriptions)
      if (options.batch) texts.push_back("batches of " + operation.text() + " count as single messages");
  return texts;
}

}  // namespace sojourn
