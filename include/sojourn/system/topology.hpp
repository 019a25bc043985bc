#pragma once
// The compiled form of a scenario: indices instead of names, flat programs instead of nested steps, samplers instead of
// descriptions. Immutable while runs read it, so replications share it without a lock.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sojourn/core/time.hpp"
#include "sojourn/messaging/delivery.hpp"
#include "sojourn/messaging/zipf.hpp"
#include "sojourn/model/scenario.hpp"
#include "sojourn/queueing/discipline.hpp"
#include "sojourn/random/sampler.hpp"
#include "sojourn/resilience/retry.hpp"
#include "sojourn/system/call_guards.hpp"

namespace sojourn {

/// "None" among indices of this header.
inline constexpr std::uint32_t none = 0xffffffff;

/// What a job does next. Targets are positions in Topology::code.
enum class Action : std::uint8_t {
  work,
  call,
  publish,
  reply,
  notify,
  delay,
  choose,
  jump,
  fork,
  branch_end,
  repeat,
  repeat_end,
  try_begin,
  try_end,
  undone,
  use,
  use_end,
  await,
  end
};

/// One instruction of the flat program.
struct Instruction {
  Action action = Action::end;
  std::uint32_t index = 0;   ///< into the list that belongs to the action: works, calls, ...
  std::uint32_t target = 0;  ///< where jump goes; where repeat_end begins anew; where a try is undone, or left
  std::uint64_t site = 0;    ///< name of the place in the operation: part of every draw's key
};

struct CompiledWork {
  Sampler time;
  double fails = 0;
  double declines = 0;
  bool may_fail = false;   ///< one of these is more than 0
  bool per_batch = false;  ///< one sample for a whole batch
};

struct CompiledCall {
  std::uint32_t operation = 0;
  std::uint32_t statistics = 0;  ///< index into Topology::calls
  std::optional<Duration> timeout;
  std::optional<Retry> retry;
  std::optional<std::int32_t> priority;
  bool own_scope = false;  ///< several attempts may come: each keeps its own account of what is fulfilled
  bool has_breaker = false, has_rate_limit = false, has_bulkhead = false, has_budget = false;
  bool has_fallback = false;  ///< its steps follow the call; success goes on behind them, at the instruction's target
  bool deadline = false;      ///< the callee stops when its caller has gone
  std::uint32_t link = none;  ///< that it goes over; none without a network
  bool guarded = false;       ///< an attempt has a state of its own
  std::optional<Hedge> hedge;
  bool simple = false;  ///< a success of an attempt is one of the call, and nothing else
};

struct CompiledPublish {
  std::uint32_t topic = 0;
  std::optional<std::int32_t> priority;
  std::optional<ZipfSampler> key = {};  ///< none: the request's number
  bool confirm = false;
  bool outbox = false;
  std::optional<Duration> timeout = {};
  std::uint32_t link = none;
  bool simple = false;  ///< the line goes on at once, whatever becomes of the message
};

struct CompiledChoice {
  std::vector<double> cumulative;      ///< probability up to and with this branch
  std::vector<std::uint32_t> targets;  ///< one a branch, then the one for no branch
};

struct CompiledFork {
  std::vector<std::uint32_t> branches;  ///< entry of each
  std::uint32_t needed = 0;             ///< successes that end the join
  bool own_scope = false;               ///< branches that are not needed do not matter
};

struct CompiledAwait {
  std::uint64_t wanted = 0;  ///< watched operations, a bit each
  std::optional<Duration> timeout;
};

struct CompiledOperation {
  std::string name;  ///< "service.operation"
  std::uint32_t service = 0;
  std::uint32_t entry = 0;
  std::uint64_t site = 0;          ///< hash of the name
  std::uint32_t milestone = none;  ///< its place in Topology::watched
  bool never_fails = false;        ///< at a plain service a job of it always succeeds
};

/// A law of crashes and repairs.
struct CompiledFailures {
  Sampler time_to_failure;
  Sampler time_to_repair;
  DownMode mode = DownMode::refuse;
};

struct CompiledService {
  std::string name;
  std::uint64_t site = 0;
  std::uint32_t replicas = 1;
  std::uint32_t workers = 1;  ///< per replica; none when unlimited
  bool async = false;
  std::uint32_t capacity = none;  ///< of a queue; none when unlimited
  Discipline discipline = Discipline::fifo;
  Balancing balancing = Balancing::shared_queue;
  double cost_per_hour = 0;
  double cores = 0;  ///< per replica; as many as workers, infinite when both are unlimited
  Scalability scalability;
  std::optional<Duration> max_wait;
  std::optional<RateLimit> rate_limit;
  std::optional<CompiledFailures> failures;
  std::optional<Autoscaling> autoscaling;
  bool by_replica = false;  ///< replicas are followed one by one: something can happen to one, or slow its work
  std::vector<std::uint32_t> subscriptions;  ///< those that its operations take messages from
  bool steady = true;                        ///< no replica ever comes or goes
  bool plain = false;                        ///< see mark_plain
  bool foreseen = false;                     ///< see mark_plain
};

/// Units that jobs hold with the step 'use', and the queue for them.
struct CompiledResource {
  std::string name;
  std::uint64_t site = 0;
  std::uint32_t units = 1;
  std::uint32_t capacity = none;  ///< of the queue; none when unlimited
  Discipline discipline = Discipline::fifo;
  std::optional<Duration> max_wait;
};

/// One entry of the report's calls: a service and an operation that it asks.
struct CompiledCallPair {
  std::string name;  ///< "shop->payment.charge"
};

struct CompiledSubscription {
  std::string topic_name;
  std::string name;  ///< "service.operation"
  std::uint32_t topic = 0;
  std::uint32_t operation = 0;
  std::uint32_t service = 0;         ///< of the operation
  std::uint32_t concurrency = none;  ///< none when unlimited
  std::uint32_t partitions = 0;      ///< 0 without
  std::uint32_t batch_size = 1;
  Duration batch_wait = {};
  Duration poll = {};  ///< 0 when consumers need not look
  double cost_per_million = 0;
  bool special = false;       ///< a message that is available and a free consumer are not all that it takes
  std::uint32_t link = none;  ///< from the topic to its service
};

struct CompiledTopic {
  std::string name;
  std::uint32_t first_subscription = 0;  ///< its subscriptions stand side by side
  std::uint32_t subscriptions = 0;
  Sampler latency;
  std::uint32_t capacity = none;
  Overflow overflow = Overflow::refuse;
  Delivery delivery = Delivery::at_least_once;
  Redelivery redelivery;
  std::uint64_t site = 0;
  double duplicates = 0;
  std::optional<Duration> expires = {};
  bool breaks_down = false;
  Sampler time_to_failure = {}, time_to_repair = {};
  DownMode mode = DownMode::refuse;
};

struct CompiledFollowUp {
  Sampler think;
  std::uint32_t operation = 0;
  std::uint64_t expected = 0;  ///< milestone of the first request, as a bit; 0 for none
  std::uint32_t link = none;
};

struct CompiledClient {
  std::string name;
  std::uint64_t site = 0;
  std::vector<std::uint32_t> operations;
  std::vector<double> cumulative;  ///< share of requests up to and with this operation
  std::optional<Duration> timeout;
  std::optional<Retry> retry;
  std::int32_t priority = 0;
  bool notified = false;  ///< some step of the flow notifies the client
  std::optional<Arrivals> arrivals;
  Sampler gap;  ///< of renewal arrivals
  std::uint32_t users = 0;
  std::vector<std::uint32_t> links = {};  ///< to the service of each operation; none without a network
  Sampler think;
  Profile pace = {};  ///< what incidents do to its rate over time; empty for nothing
  std::vector<CompiledFollowUp> then = {};
};

/// What an incident does.
enum class IncidentEffect : std::uint8_t { down, slowdown, fails, latency, loss, rate, replicas };

/// Whom it strikes: an index into the list of its kind.
struct IncidentTarget {
  enum class Kind : std::uint8_t { service, operation, topic, link, client };
  Kind kind = Kind::service;
  std::uint32_t index = 0;
};

struct CompiledIncident {
  Time begin, end;
  IncidentEffect effect = IncidentEffect::down;
  DownMode mode = DownMode::refuse;
  double number = 0;  ///< factor or probability
  std::uint32_t lost = 0;
  Sampler added;
  std::vector<IncidentTarget> targets;
};

/// A way through the network that somebody names: from and to are clients, services or topics.
struct CompiledLink {
  std::string name;  ///< "shop->payment"
  Sampler latency;
  double loss = 0;
  IncidentTarget from, to;
};

/// A scenario, compiled.
struct Topology {
  Duration horizon;
  Duration warmup;
  Duration drain;
  bool may_deadlock = false;  ///< workers or resources can wait for each other in a circle
  bool has_network = false;   ///< hops take time, or lose something
  bool has_network_incidents = false;
  bool has_follow_ups = false;
  bool polls = false;  ///< some consumers look for messages from time to time
  std::vector<CompiledClient> clients;
  std::vector<CompiledService> services;
  std::vector<CompiledOperation> operations;
  std::vector<CompiledCallPair> calls;
  std::vector<CallRules> call_rules;  ///< of each of them
  std::vector<CompiledTopic> topics;
  std::vector<CompiledSubscription> subscriptions;
  std::vector<CompiledResource> resources;
  std::vector<std::uint32_t> watched;  ///< operations that somebody waits for, at most 64
  std::vector<CompiledLink> links;     ///< of the network's overrides and of incidents; sorted by name
  std::vector<CompiledIncident> incidents;

  std::vector<Instruction> code;
  std::vector<CompiledWork> works;
  std::vector<CompiledCall> call_sites;
  std::vector<CompiledPublish> publishes;
  std::vector<Sampler> delays;
  std::vector<CompiledChoice> choices;
  std::vector<CompiledFork> forks;
  std::vector<Repetitions> repeats;
  std::vector<CompiledAwait> awaits;
  std::vector<std::uint64_t> notices;  ///< of notify: watched operations that must have succeeded
};

/// Marks what is so simple that a run takes shortcuts there. A plain service has one queue and holds workers while jobs wait,
/// nothing can happen to its replicas, its jobs have no branches and are in no step that holds steps, its topics hand on every
/// message at once and one by one; and no hop takes time, no job is dropped or made to fail, no client follows up.
/// At a foreseen service, which is a plain one, jobs do nothing but work that succeeds, first come, first served; nobody acts on
/// their end: they come from open clients that never give up, or from topics, and nobody waits for their operations.
void mark_plain(Topology& topology);

/// Compiles a scenario that validation found sound.
[[nodiscard]] Topology compile(const Scenario& scenario);

}  // namespace sojourn
