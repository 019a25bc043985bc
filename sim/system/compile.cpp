#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "sojourn/core/hash.hpp"
#include "sojourn/system/guards.hpp"
#include "sojourn/system/incidents.hpp"
#include "sojourn/system/milestones.hpp"
#include "sojourn/system/replica_rules.hpp"
#include "sojourn/system/salts.hpp"
#include "sojourn/system/topology.hpp"

namespace sojourn {
namespace {

/// Turns names into indices and nested steps into one flat program.
class Compiler {
 public:
  explicit Compiler(const Scenario& scenario) : scenario_(scenario) {}

  Topology compile() {
    topology_.horizon = scenario_.horizon;
    topology_.warmup = scenario_.warmup.length;
    topology_.drain = scenario_.drain_time();
    topology_.has_network = network_matters(scenario_);
    declare_links(scenario_, topology_);
    declare_services();
    declare_topics();
    for (const auto& [name, resource] : scenario_.resources) declare_resource(name, resource);
    for (const auto& [name, service] : scenario_.services) compile_service(name, service);
    for (const auto& [name, client] : scenario_.clients) compile_client(name, client);
    compile_incidents(scenario_, topology_);
    topology_.may_deadlock = sojourn::may_deadlock(topology_);
    mark_plain(topology_);
    return std::move(topology_);
  }

 private:
  void declare_services() {
    for (const auto& [name, service] : scenario_.services) {
      const auto index = static_cast<std::uint32_t>(topology_.services.size());
      topology_.services.push_back({.name = name,
                                    .site = hash_name(name),
                                    .replicas = service.replicas,
                                    .workers = service.workers.count.value_or(none),
                                    .async = service.waiting == Waiting::async,
                                    .capacity = service.queue.capacity.count.value_or(none),
                                    .discipline = service.queue.discipline,
                                    .balancing = service.balancing,
                                    .cost_per_hour = service.cost_per_hour,
                                    .cores = cores_of(service),
                                    .scalability = service.scalability.value_or(Scalability{}),
                                    .max_wait = service.queue.max_wait,
                                    .rate_limit = service.rate_limit,
                                    .failures = compiled(service.failures),
                                    .autoscaling = service.autoscaling,
                                    .by_replica = needs_replicas(scenario_, name, service),
                                    .subscriptions = {},
                                    .steady = is_steady(scenario_, name, service)});
      CompiledService& added = topology_.services.back();
      if (const auto& scaling = service.autoscaling)
        added.replicas = std::clamp(added.replicas, scaling->minimum, scaling->maximum);
      for (const auto& [operation, steps] : service.operations) {
        const OperationName full{name, operation};
        operations_[full] = static_cast<std::uint32_t>(topology_.operations.size());
        topology_.operations.push_back(
            {.name = full.text(), .service = index, .entry = 0, .site = hash_name(full.text())});
      }
    }
  }

  void declare_topics() {
    for (const auto& [name, topic] : scenario_.topics) {
      const auto index = static_cast<std::uint32_t>(topology_.topics.size());
      topics_[name] = index;
      topology_.topics.push_back({.name = name,
                                  .first_subscription = static_cast<std::uint32_t>(topology_.subscriptions.size()),
                                  .subscriptions = static_cast<std::uint32_t>(topic.subscriptions.size()),
                                  .latency = Sampler(topic.latency),
                                  .capacity = topic.capacity.count.value_or(none),
                                  .overflow = topic.overflow,
                                  .delivery = topic.delivery,
                                  .redelivery = topic.redelivery});
      complete_topic(topology_.topics.back(), topic);
      for (const auto& [operation, options] : topic.subscriptions) subscribe(index, name, operation, options);
    }
  }

  void declare_resource(const std::string& name, const Resource& resource) {
    resources_[name] = add(topology_.resources, {.name = name,
                                                 .site = hash_name(name),
                                                 .units = resource.units,
                                                 .capacity = resource.queue.capacity.count.value_or(none),
                                                 .discipline = resource.queue.discipline,
                                                 .max_wait = resource.queue.max_wait});
  }

  static void complete_topic(CompiledTopic& compiled, const Topic& topic) {
    compiled.site = hash_name(compiled.name);
    compiled.duplicates = topic.delivery == Delivery::at_most_once ? 0 : topic.duplicates;
    compiled.expires = topic.expires;
    if (!topic.failures) return;
    compiled.breaks_down = true;
    compiled.time_to_failure = Sampler(topic.failures->time_to_failure);
    compiled.time_to_repair = Sampler(topic.failures->time_to_repair);
    compiled.mode = topic.failures->mode;
  }

  void subscribe(std::uint32_t topic, const std::string& topic_name, const OperationName& name,
                 const Subscription& options) {
    const std::uint32_t operation = operations_.at(name);
    CompiledService& service = topology_.services[topology_.operations[operation].service];
    service.subscriptions.push_back(static_cast<std::uint32_t>(topology_.subscriptions.size()));
    const std::uint32_t replicas = service.autoscaling ? service.autoscaling->maximum : service.replicas;
    const std::uint32_t all_workers = service.workers == none ? none : service.workers * replicas;
    topology_.subscriptions.push_back({.topic_name = topic_name,
                                       .name = name.text(),
                                       .topic = topic,
                                       .operation = operation,
                                       .service = topology_.operations[operation].service,
                                       .concurrency = options.concurrency.value_or(all_workers)});
    CompiledSubscription& compiled = topology_.subscriptions.back();
    compiled.link = link(topic_name, {Thing::topic, topic}, name.service, thing_of(name.service));
    compiled.partitions = scenario_.topics.at(topic_name).partitions.value_or(0);
    compiled.cost_per_million = scenario_.topics.at(topic_name).cost_per_million;
    if (options.batch) {
      compiled.batch_size = options.batch->size;
      compiled.batch_wait = options.batch->wait;
    }
    compiled.poll = options.poll.value_or(Duration{});
    const bool batch_waits = compiled.batch_size > 1 && compiled.batch_wait.ns > 0;
    compiled.special = compiled.partitions > 0 || batch_waits || compiled.poll.ns > 0;
    topology_.polls |= compiled.poll.ns > 0;
  }

  void compile_service(const std::string& name, const Service& service) {
    service_name_ = name;
    for (const auto& [operation, steps] : service.operations) {
      CompiledOperation& compiled = topology_.operations[operations_.at({name, operation})];
      compiled.entry = here();
      compile_steps(steps, compiled.site);
      emit(Action::end, 0, 0);
    }
  }

  void compile_steps(const Steps& steps, std::uint64_t place) {
    for (std::size_t i = 0; i < steps.size(); ++i)
      std::visit([&](const auto& step) { compile_step(step, mix(place, i + 1)); }, steps[i].kind);
  }

  void compile_step(const Work& work, std::uint64_t site) {
    emit(Action::work,
         add(topology_.works, {.time = Sampler(work.time),
                               .fails = work.fails,
                               .declines = work.declines,
                               .may_fail = work.fails > 0 || work.declines > 0,
                               .per_batch = work.per == Per::batch}),
         site);
  }

  void compile_step(const Call& call, std::uint64_t site) {
    const bool several = (call.retry && call.retry->attempts > 1) || call.hedge;
    const std::uint32_t pair = call_pair(call.operation);
    add_rules(topology_.call_rules[pair], call);
    const std::uint32_t at = here();
    emit(Action::call,
         add(topology_.call_sites, {.operation = operations_.at(call.operation),
                                    .statistics = pair,
                                    .timeout = call.timeout,
                                    .retry = call.retry,
                                    .priority = call.priority,
                                    .own_scope = several,
                                    .has_breaker = call.circuit_breaker.has_value(),
                                    .has_rate_limit = call.rate_limit.has_value(),
                                    .has_bulkhead = call.bulkhead.has_value(),
                                    .has_budget = call.retry && call.retry->budget,
                                    .has_fallback = call.fallback.has_value(),
                                    .deadline = call.deadline == Deadline::propagate,
                                    .link = link(service_name_, thing_of(service_name_), call.operation.service,
                                                 thing_of(call.operation.service)),
                                    .guarded = call.circuit_breaker || call.rate_limit || call.bulkhead || call.hedge,
                                    .hedge = call.hedge}),
         site);
    if (!call.fallback) return;
    compile_steps(*call.fallback, mix(site, 0));
    topology_.code[at].target = here();
  }

  /// Calls of one service to one operation share their guards: the rules of the first that has them.
  static void add_rules(CallRules& rules, const Call& call) {
    if (!rules.breaker) rules.breaker = call.circuit_breaker;
    if (!rules.rate_limit) rules.rate_limit = call.rate_limit;
    if (!rules.bulkhead) rules.bulkhead = call.bulkhead;
    if (!rules.budget && call.retry) rules.budget = call.retry->budget;
  }

  void compile_step(const Publish& publish, std::uint64_t site) {
    CompiledPublish compiled{.topic = topics_.at(publish.topic), .priority = publish.priority};
    if (const auto& zipf = publish.message_key.zipf) compiled.key.emplace(zipf->keys, zipf->exponent);
    compiled.confirm = publish.confirm;
    compiled.outbox = publish.outbox;
    compiled.timeout = publish.timeout;
    compiled.link = link(service_name_, thing_of(service_name_), publish.topic, {Thing::topic, compiled.topic});
    emit(Action::publish, add(topology_.publishes, std::move(compiled)), site);
  }

  void compile_step(const Reply&, std::uint64_t site) { emit(Action::reply, 0, site); }

  void compile_step(const Notify& notify, std::uint64_t site) {
    emit(Action::notify, add(topology_.notices, watch(notify.when)), site);
  }

  void compile_step(const Delay& delay, std::uint64_t site) {
    emit(Action::delay, add(topology_.delays, Sampler(delay.time)), site);
  }

  void compile_step(const Choose& choose, std::uint64_t site) {
    const auto index = add(topology_.choices, CompiledChoice{});
    emit(Action::choose, index, site);
    CompiledChoice choice;
    std::vector<std::uint32_t> jumps;
    double sum = 0;
    for (std::size_t i = 0; i < choose.branches.size(); ++i) {
      sum += choose.branches[i].probability;
      choice.cumulative.push_back(sum);
      choice.targets.push_back(here());
      compile_steps(choose.branches[i].steps, mix(site, i + 1));
      jumps.push_back(here());
      emit(Action::jump, 0, 0);
    }
    choice.targets.push_back(here());
    for (const std::uint32_t jump : jumps) topology_.code[jump].target = here();
    topology_.choices[index] = std::move(choice);
  }

  void compile_step(const Parallel& parallel, std::uint64_t site) {
    const auto index = add(topology_.forks, CompiledFork{});
    const std::uint32_t fork_at = here();
    emit(Action::fork, index, site);
    CompiledFork fork;
    fork.needed = parallel.join.needed(static_cast<std::uint32_t>(parallel.branches.size()));
    fork.own_scope = fork.needed < parallel.branches.size();
    for (std::size_t i = 0; i < parallel.branches.size(); ++i) {
      fork.branches.push_back(here());
      compile_steps(parallel.branches[i], mix(site, i + 1));
      emit(Action::branch_end, 0, 0);
    }
    topology_.code[fork_at].target = here();
    topology_.forks[index] = std::move(fork);
  }

  void compile_step(const Repeat& repeat, std::uint64_t site) {
    const std::uint32_t begin = here();
    emit(Action::repeat, add(topology_.repeats, repeat.times), site);
    compile_steps(repeat.steps, site);
    emit(Action::repeat_end, 0, site);
    topology_.code[begin].target = here();
    topology_.code[here() - 1].target = begin + 1;
  }

  void compile_step(const Use& use, std::uint64_t site) {
    emit(Action::use, resources_.at(use.resource), site);
    compile_steps(use.steps, site);
    emit(Action::use_end, 0, site);
  }

  void compile_step(const Await& await, std::uint64_t site) {
    emit(Action::await, add(topology_.awaits, {.wanted = watch(await.operations), .timeout = await.timeout}), site);
  }

  void compile_step(const Try& attempt, std::uint64_t site) {
    const std::uint32_t begin = here();
    emit(Action::try_begin, 0, site);
    compile_steps(attempt.steps, site);
    const std::uint32_t end = here();
    emit(Action::try_end, 0, site);
    topology_.code[begin].target = here();
    compile_steps(attempt.compensate, mix(site, salt::compensation));
    emit(Action::undone, 0, site);
    topology_.code[end].target = here();
  }

  // ---- links ----

  using Thing = IncidentTarget::Kind;

  [[nodiscard]] IncidentTarget thing_of(const std::string& name) const {
    std::uint32_t index = 0;
    while (topology_.services[index].name != name) ++index;
    return {Thing::service, index};
  }

  /// The way from one thing to another; none without a network.
  std::uint32_t link(const std::string& from_name, IncidentTarget from, const std::string& to_name, IncidentTarget to) {
    return topology_.has_network ? link_between(scenario_, topology_, from_name, from, to_name, to) : none;
  }

  std::uint64_t watch(const std::vector<OperationName>& names) {
    std::uint64_t wanted = 0;
    for (const OperationName& name : names) wanted |= milestone_bit(watch_operation(topology_, operations_.at(name)));
    return wanted;
  }

  std::uint32_t call_pair(const OperationName& operation) {
    const std::string name = service_name_ + "->" + operation.text();
    for (std::size_t i = 0; i < topology_.calls.size(); ++i)
      if (topology_.calls[i].name == name) return static_cast<std::uint32_t>(i);
    topology_.call_rules.emplace_back();
    return add(topology_.calls, {name});
  }

  void compile_client(const std::string& name, const Client& client) {
    CompiledClient compiled{.name = name,
                            .site = hash_name(name),
                            .operations = {},
                            .cumulative = {},
                            .timeout = client.timeout,
                            .retry = client.retry,
                            .priority = client.priority,
                            .notified = notifies(),
                            .arrivals = client.arrivals,
                            .gap = {},
                            .users = 0,
                            .think = {}};
    const IncidentTarget self{Thing::client, static_cast<std::uint32_t>(topology_.clients.size())};
    compiled.pace = pace_of(scenario_, name);
    double sum = 0, total = 0;
    for (const auto& [operation, weight] : client.requests.weights) total += weight;
    for (const auto& [operation, weight] : client.requests.weights) {
      sum += weight / total;
      compiled.operations.push_back(operations_.at(operation));
      compiled.cumulative.push_back(sum);
      compiled.links.push_back(link(name, self, operation.service, thing_of(operation.service)));
    }
    for (const FollowUp& follow_up : client.then) {
      const std::vector<OperationName> expects{follow_up.expects.value_or(OperationName{})};
      compiled.then.push_back(
          {.think = Sampler(follow_up.think),
           .operation = operations_.at(follow_up.operation),
           .expected = follow_up.expects ? watch(expects) : 0,
           .link = link(name, self, follow_up.operation.service, thing_of(follow_up.operation.service))});
      topology_.has_follow_ups = true;
    }
    if (client.arrivals)
      if (const auto* renewal = std::get_if<RenewalArrivals>(&client.arrivals->law))
        compiled.gap = Sampler(renewal->gap);
    if (client.users) {
      compiled.users = client.users->users;
      compiled.think = Sampler(client.users->think);
    }
    topology_.clients.push_back(std::move(compiled));
  }

  [[nodiscard]] bool notifies() const {
    for (const Instruction& instruction : topology_.code)
      if (instruction.action == Action::notify) return true;
    return false;
  }

  void emit(Action action, std::uint32_t index, std::uint64_t site) {
    topology_.code.push_back({.action = action, .index = index, .target = 0, .site = site});
  }
  [[nodiscard]] std::uint32_t here() const { return static_cast<std::uint32_t>(topology_.code.size()); }

  template <class T>
  static std::uint32_t add(std::vector<T>& list, T item) {
    list.push_back(std::move(item));
    return static_cast<std::uint32_t>(list.size() - 1);
  }

  const Scenario& scenario_;
  Topology topology_;
  std::map<OperationName, std::uint32_t> operations_;
  std::map<std::string, std::uint32_t> topics_;
  std::map<std::string, std::uint32_t> resources_;
  std::string service_name_;
};

}  // namespace

Topology compile(const Scenario& scenario) { return Compiler(scenario).compile(); }

}  // namespace sojourn
