// What a run begins with: everybody idle, every queue empty, the streams of random numbers at their first draw.
#include "sojourn/system/run_state.hpp"

#include "sojourn/core/hash.hpp"
#include "sojourn/system/salts.hpp"

namespace sojourn {

RunState::RunState(const Topology& topology, const RunOptions& options)
    : topology_(topology), options_(options), places_(topology, stations_, backlogs_, measured_) {
  run_key_ = mix(mix(options.seed), options.replication);
  for (const CallRules& rules : topology.call_rules) guards_.emplace_back(rules);
  for (const CompiledClient& client : topology.clients)
    client_budgets_.emplace_back(client.retry ? client.retry->budget.value_or(0) : 0);
  slowdowns_.assign(topology.operations.size(), 1);
  service_conditions_.resize(topology.services.size());
  operation_conditions_.resize(topology.operations.size());
  topic_conditions_.resize(topology.topics.size());
  link_conditions_.resize(topology.links.size());
  client_conditions_.resize(topology.clients.size());
  lanes_.resize(topology.call_sites.size() + topology.clients.size());
  for (const CompiledService& service : topology.services) stations_.push_back(new_station(service));
  for (const CompiledSubscription& subscription : topology.subscriptions)
    backlogs_.push_back(new_backlog(subscription));
  for (const CompiledTopic& topic : topology.topics)
    brokers_.push_back({.clock = Stream(run_key_, mix(topic.site, salt::broker))});
  for (const CompiledClient& client : topology.clients) clients_.push_back(new_client(client));
  for (const CompiledResource& resource : topology.resources)
    stocks_.emplace_back(resource, run_key_, topology.warmup, topology.horizon);
  runaway_ = RunawayGuard(topology);
  keep_trails();
}

Station RunState::new_station(const CompiledService& service) const {
  const bool observed = options_.blame != nullptr || options_.watch != nullptr || options_.audit;
  const bool shared = service.balancing == Balancing::shared_queue;
  const std::uint32_t pools = shared ? 1 : service.replicas;
  const std::uint32_t each = service.workers == none ? none
                             : shared                ? service.workers * service.replicas
                                                     : service.workers;
  Station station{.plain = service.plain && !observed,
                  .foreseen = service.foreseen && !observed,
                  .handles_messages = !service.subscriptions.empty(),
                  .service = static_cast<std::uint32_t>(stations_.size()),
                  .only_subscription = none,
                  .concurrency = none,
                  .capacity = service.capacity,
                  .pools = {},
                  .balancer = Balancer(service.balancing, pools),
                  .order = Stream(run_key_, mix(service.site, salt::order))};
  if (service.subscriptions.size() == 1) {
    station.only_subscription = service.subscriptions.front();
    station.concurrency = topology_.subscriptions[station.only_subscription].concurrency;
  }
  for (std::uint32_t i = 0; i < pools; ++i)
    station.pools.push_back({.workers = each, .taken = 0, .queue = WaitingLine(service.discipline)});
  if (station.foreseen && each != none) station.foresight = Foresight(each);
  station.shared = shared;
  if (service.rate_limit) station.tokens = TokenBucket(*service.rate_limit);
  return station;
}

Backlog RunState::new_backlog(const CompiledSubscription& subscription) const {
  const bool by_priority = topology_.services[subscription.service].discipline == Discipline::priority;
  Backlog backlog{.available = WaitingLine(by_priority ? Discipline::priority : Discipline::fifo),
                  .order = Stream(run_key_, mix(hash_name(subscription.name), salt::order)),
                  .by_priority = by_priority,
                  .partitions = std::vector<Partition>(subscription.partitions)};
  if (subscription.poll.ns > 0) backlog.consumers = PollingConsumers(subscription.poll, subscription.concurrency);
  return backlog;
}

ClientState RunState::new_client(const CompiledClient& client) const {
  const std::uint64_t key = mix(run_key_, client.site);
  return {.key = key,
          .next_number = 0,
          .arrivals = ArrivalProcess(client.arrivals, client.gap, key, salt::arrivals, client.pace),
          .pace = client.pace,
          .rounds = std::vector<std::uint32_t>(client.users, 0),
          .ways = {},
          .priority = client.priority,
          .users = client.users > 0,
          .several = client.operations.size() > 1,
          .armed = client.timeout || (client.retry && client.retry->budget)};
}

// Where time goes is accounted for only when somebody asks.
void RunState::keep_trails() {
  static const BlameWindows no_windows;
  if (options_.blame == nullptr && options_.watch == nullptr) return;
  const auto size_of = [](const auto& list) { return static_cast<std::uint32_t>(list.size()); };
  trails_.emplace(size_of(topology_.services), size_of(topology_.topics), size_of(topology_.clients),
                  options_.blame != nullptr ? *options_.blame : no_windows);
}

}  // namespace sojourn
