// Topics: messages are stored for every subscription, taken by free workers, and come again when handling failed.
#include "sojourn/core/hash.hpp"
#include "sojourn/system/plain_messages.hpp"
#include "sojourn/system/salts.hpp"

namespace sojourn {

bool Simulation::has_room(std::uint32_t index) {
  const Message& message = messages_[index];
  const CompiledSubscription& subscription = topology_.subscriptions[message.subscription];
  const Backlog& backlog = backlogs_[message.subscription];
  const std::uint32_t capacity = topology_.topics[subscription.topic].capacity;
  if (capacity == none || backlog.stored < capacity) return true;
  // A message that a consumer can take at once does not have to wait.
  if (backlog.stored > 0 || backlog.stopped || backlog.jobs >= subscription.concurrency) return false;
  if (subscription.poll.ns > 0 || (subscription.batch_size > 1 && subscription.batch_wait.ns > 0)) return false;
  if (message.partition != none) {
    const Partition& partition = backlog.partitions[message.partition];
    if (partition.busy || partition.first != none) return false;
  }
  return pool_with_free_worker(topology_.operations[subscription.operation].service) != none;
}

void Simulation::message_arrives(std::uint32_t index) {
  const Message& message = messages_[index];
  const std::uint32_t subscription = message.subscription;
  const std::uint32_t topic = topology_.subscriptions[subscription].topic;
  if (trails_) charge_message(index, Blame::network);
  if (brokers_[topic].troubled && !broker_takes(index)) return;
  if (!message.stored) {
    if (!has_room(index) && !(topology_.topics[topic].overflow == Overflow::drop_oldest && drop_oldest(subscription)))
      return refuse_message(index);
    store(index);
  }
  if (message.confirm) acknowledge(index, true);
  if (message.partition != none) join_partition(index);
  travel(index, true);
}

void Simulation::refuse_message(std::uint32_t index) {
  const Message& message = messages_[index];
  if (message.stored)
    take_back(index);
  else
    count_published(index);
  ++measured_.ledger.refused;
  if (in_window_) ++measured_.subscriptions[message.subscription].refused;
  if (message.confirm) acknowledge(index, false);
  end_message(index);
}

void Simulation::count_published(std::uint32_t index) {
  const Message& message = messages_[index];
  Backlog& backlog = backlogs_[message.subscription];
  ++backlog.so_far.published;
  ++measured_.ledger.published;
  if (!in_window_) return;
  ++measured_.subscriptions[message.subscription].published;
  if (message.partition != none) ++backlog.partitions[message.partition].published;
}

// From now on the message waits in the topic.
void Simulation::store(std::uint32_t index) {
  Message& message = messages_[index];
  Backlog& backlog = backlogs_[message.subscription];
  if (!backlog.starts.empty()) take_foreseen(backlog, now_);
  message.stored = true;
  message.accepted = now_;
  ++backlog.stored;
  count_published(index);
  count_waiting(message.subscription);
}

// The room that was kept for a message is free again.
void Simulation::take_back(std::uint32_t index) {
  Message& message = messages_[index];
  message.stored = false;
  --backlogs_[message.subscription].stored;
  count_waiting(message.subscription);
}

// Gives whether there was a message to drop. A second delivery of what is handled needs no room, and gives none.
bool Simulation::drop_oldest(std::uint32_t subscription) {
  Backlog& backlog = backlogs_[subscription];
  const bool partitioned = !backlog.partitions.empty();
  while (partitioned ? backlog.oldest != none : !backlog.available.empty()) {
    const std::uint32_t oldest = partitioned ? backlog.oldest : backlog.available.pop(backlog.order);
    const std::uint32_t partition = messages_[oldest].partition;
    if (partitioned) {
      leave_partition(oldest);
      partition_changed(subscription, partition);
    }
    const bool waited = messages_[oldest].stored;
    if (waited) {
      --backlog.stored;
      ++measured_.ledger.dropped;
      if (in_window_) ++measured_.subscriptions[subscription].dropped;
    }
    end_message(oldest);
    if (waited) return true;
  }
  return false;
}

// Time in the broker (on the first way), and the hop to the consumer.
void Simulation::travel(std::uint32_t index, bool through_broker) {
  const Message& message = messages_[index];
  const Request& request = requests_[message.request];
  const std::uint64_t attempt = mix(message.attempt + (message.second ? salt::duplicate : 0), message.deliveries);
  Duration way;
  if (through_broker) way = broker_time(message);
  if (topology_.has_network) {
    const CompiledSubscription& subscription = topology_.subscriptions[message.subscription];
    const Hop hop =
        cross(subscription.link, subscription.operation, request, mix(message.visit + salt::delivery_hop, attempt));
    if (hop.passage != Passage::passes) return lose_delivery(index);
    way = way + hop.time;
  }
  if (way.ns == 0) return make_available(index);
  schedule(now_ + way, Rank::arrival, What::message_available, index);
}

void Simulation::make_available(std::uint32_t index) {
  Message& message = messages_[index];
  message.order = available_order_++;
  message.available_since = now_;
  const std::uint32_t subscription = message.subscription;
  if (stations_[topology_.subscriptions[subscription].service].foreseen) return handle_foreseen(index);
  if (message.partition != none)
    available_in_partition(index);
  else
    backlogs_[subscription].available.push(index, message.priority);
  if (topology_.polls) plan_look(subscription);
  try_deliver(subscription);
}

// Where consumers poll, take batches, or take from partitions.
bool Simulation::can_take_specially(std::uint32_t index) {
  const CompiledSubscription& subscription = topology_.subscriptions[index];
  Backlog& backlog = backlogs_[index];
  if (subscription.poll.ns > 0 && !(backlog.looking && backlog.consumers.somebody_looks(now_))) return false;
  if (subscription.partitions > 0) return next_partition(backlog) != nullptr;
  return !backlog.available.empty() && batch_can_start(index);
}

void Simulation::try_deliver(std::uint32_t index) {
  const std::uint32_t service = topology_.operations[topology_.subscriptions[index].operation].service;
  while (can_take(index)) {
    const std::uint32_t pool = pool_with_free_worker(service);
    if (pool == none) return;
    deliver(index, pool);
  }
  admit_blocked(index);
}

// When the message that is next became available.
ReadyPartition Simulation::next_ready(std::uint32_t index) {
  Backlog& backlog = backlogs_[index];
  if (!backlog.partitions.empty()) return *next_partition(backlog);
  const std::uint32_t front = backlog.available.front();
  const bool early = (front & early_job) != 0;
  const std::int32_t priority = early ? lines_[front & ~early_job].priority : messages_[front].priority;
  const std::uint64_t order = early ? lines_[front & ~early_job].order : messages_[front].order;
  return {backlog.by_priority ? priority : 0, order, none};
}

// Gives a free worker the message of the highest priority, where that counts, that has been available longest among the
// service's subscriptions.
bool Simulation::deliver_to(std::uint32_t service, std::uint32_t pool) {
  std::uint32_t best = none;
  ReadyPartition first;
  for (const std::uint32_t index : topology_.services[service].subscriptions) {
    if (!can_take(index)) continue;
    const ReadyPartition next = next_ready(index);
    if (best == none || first < next) {
      best = index;
      first = next;
    }
  }
  if (best != none) {
    deliver(best, pool);
    return true;
  }
  // Where nothing may wait, a free worker is what makes room.
  const std::uint32_t taken = stations_[service].pools[pool].taken;
  for (const std::uint32_t index : topology_.services[service].subscriptions) admit_blocked(index);
  return stations_[service].pools[pool].taken != taken;
}

// One message, or a batch, or nothing where all that was left had expired.
void Simulation::deliver(std::uint32_t subscription, std::uint32_t pool) {
  Backlog& backlog = backlogs_[subscription];
  if (!backlog.available.empty() && (backlog.available.front() & early_job) != 0) return start_early_job(backlog);
  const std::uint32_t partition = backlog.partitions.empty() ? none : next_partition(backlog)->partition;
  const std::uint32_t first = take_message(subscription, partition);
  if (first != none) start_handler(subscription, pool, first, partition);
  count_waiting(subscription);
  if (partition != none) partition_changed(subscription, partition);
  admit_blocked(subscription);
}

// The next message of the line, or of the partition; what has expired or needs no second handling ends here.
std::uint32_t Simulation::take_message(std::uint32_t subscription, std::uint32_t partition) {
  Backlog& backlog = backlogs_[subscription];
  const CompiledTopic& topic = topology_.topics[topology_.subscriptions[subscription].topic];
  while (true) {
    std::uint32_t index = none;
    if (partition != none)
      index = first_in_partition(backlog, partition);
    else if (!backlog.available.empty())
      index = backlog.available.pop(backlog.order);
    if (index == none) return none;
    if (partition != none) leave_partition(index);
    Message& message = messages_[index];
    if (message.stored) {
      message.stored = false;
      --backlog.stored;
      if (!topic.expires || now_ - message.accepted <= *topic.expires) return index;
      ++measured_.ledger.expired;
      if (in_window_) ++measured_.subscriptions[subscription].expired;
    } else if (topic.delivery != Delivery::deduplicated) {
      return index;
    }
    end_message(index);
  }
}

void Simulation::start_handler(std::uint32_t subscription, std::uint32_t pool, std::uint32_t first,
                               std::uint32_t partition) {
  Backlog& backlog = backlogs_[subscription];
  begin_delivery(first);
  ++backlog.jobs;
  const Message& message = messages_[first];
  const std::uint32_t operation = topology_.subscriptions[subscription].operation;
  const std::uint32_t job = new_job(operation, message.request, new_scope(message.group), message.visit,
                                    delivery_attempt(message), message.priority, {Waiter::Kind::message, first, 0});
  Line& line = lines_[job];
  if (message.deliveries == 1 && !message.second) take_path(line, message.path);
  line.own_scope = true;
  line.replica = pool;
  line.arrived = now_;
  if (options_.audit)
    measured_.audits[topology_.operations[topology_.subscriptions[subscription].operation].service].present.add(now_,
                                                                                                                +1);
  line.subscription = subscription;
  line.backlog = &backlog;
  line.partition = partition;
  if (partition != none) backlog.partitions[partition].busy = true;
  if (topology_.subscriptions[subscription].poll.ns > 0) backlog.consumers.takes(now_);
  if (topology_.subscriptions[subscription].batch_size > 1) fill_batch(job);
  if (in_window_) ++measured_.services[topology_.operations[operation].service].arrivals;
  take_worker(line);
  start_job(job);
}

void Simulation::begin_delivery(std::uint32_t index) {
  Message& message = messages_[index];
  if (trails_) charge_message(index, Blame::topic);
  if (!message.handled) ++backlogs_[message.subscription].in_hand;
  if (message.second) return;
  ++message.deliveries;
  if (in_window_ && message.deliveries > 1) ++measured_.subscriptions[message.subscription].redelivered;
}

// The attempt in the keys of all that the present delivery draws.
std::uint64_t Simulation::delivery_attempt(const Message& message) {
  const std::uint64_t attempt = message.deliveries == 1
                                    ? message.attempt
                                    : mix(message.attempt + salt::attempt + message.visit, message.deliveries);
  return message.second ? mix(attempt + salt::duplicate, 1) : attempt;
}

// A handler job has ended: its messages are no longer in hand.
void Simulation::leave_hand(const Line& main) {
  Backlog& backlog = backlogs_[main.subscription];
  --backlog.jobs;
  for (std::uint32_t i = main.waiter.index; i != none; i = messages_[i].next)
    if (!messages_[i].handled) --backlog.in_hand;
  if (topology_.subscriptions[main.subscription].poll.ns == 0) return;
  backlog.consumers.finishes(now_);
  backlog.looking = true;
}

// The fate of a handler's messages, and of those that waited for it.
void Simulation::settle_messages(Line& main, Outcome outcome) {
  const std::uint32_t subscription = main.subscription, partition = main.partition;
  const bool good = outcome == Outcome::succeeded || outcome == Outcome::degraded;
  std::uint32_t index = main.waiter.index;
  main.batch = false;  // branches that run on do so in the name of the first message
  while (index != none) {
    const std::uint32_t next = messages_[index].next;
    Scope* const scope = messages_[index].scope;
    messages_[index].next = none;
    if (trails_) handle_trail(index, main);
    if (scope != nullptr && good) scope->succeeded = true;
    message_ended(index, outcome);
    if (scope != nullptr) leave_scope(scope);
    index = next;
  }
  if (partition != none) {
    backlogs_[subscription].partitions[partition].busy = false;
    partition_changed(subscription, partition);
  }
  try_deliver(subscription);
  if (topology_.subscriptions[subscription].poll.ns > 0) consumer_looked(subscription);
}

void Simulation::count_waiting(std::uint32_t subscription) {
  Backlog& backlog = backlogs_[subscription];
  backlog.waiting.set(now_, std::int64_t{backlog.stored} + backlog.delayed);
}

}  // namespace sojourn
