// Topics: messages are stored for every subscription, taken by free workers, and come again when handling failed.
#include "sojourn/core/hash.hpp"
#include "sojourn/system/salts.hpp"
#include "sojourn/system/simulation.hpp"

namespace sojourn {

// Gives whether the line goes on at once; it waits where a full backlog blocks its publishers.
bool Simulation::step_publish(std::uint32_t index, const Instruction& in) {
  Line& line = lines_[index];
  const CompiledTopic& topic = topology_.topics[topology_.publishes[in.index].topic];
  line.tries = 0;
  ++line.generation;
  for (std::uint32_t i = 0; i < topic.subscriptions; ++i) {
    const std::uint32_t subscription = topic.first_subscription + i;
    const std::uint32_t message = new_message(line, subscription, in);
    if (topic.overflow == Overflow::block && !has_room(subscription)) {
      ++line.tries;
      messages_[message].publisher = index;
      messages_[message].publisher_generation = line.generation;
      backlogs_[subscription].blocked.push_back(message);
    } else {
      send_message(message);
    }
  }
  if (line.tries == 0) return true;
  leave_worker_if_idle(main_of(line));
  return false;
}

std::uint32_t Simulation::new_message(const Line& line, std::uint32_t subscription, const Instruction& in) {
  const std::uint32_t index = messages_.take();
  Message& message = messages_[index];
  message = {};
  message.visit = mix(line.visit, in.site);
  message.attempt = line.attempt;
  message.published = now_;
  message.subscription = subscription;
  message.request = line.request;
  message.group = new_group(line.scope, line.request, 1);
  message.priority = topology_.publishes[in.index].priority.value_or(lines_[line.main].priority);
  return index;
}

// On its way to the broker. A topic that blocks its publishers has kept room for it.
void Simulation::send_message(std::uint32_t index) {
  const Message& message = messages_[index];
  const CompiledTopic& topic = topology_.topics[topology_.subscriptions[message.subscription].topic];
  if (topic.overflow == Overflow::block) store(index);
  if (!topology_.has_latency) return message_arrives(index);
  const Duration way = hop(requests_[message.request], mix(message.visit + salt::publish_hop, message.attempt));
  schedule(now_ + way, Rank::arrival, What::message_arrives, index);
}

bool Simulation::has_room(std::uint32_t index) {
  const CompiledSubscription& subscription = topology_.subscriptions[index];
  const Backlog& backlog = backlogs_[index];
  const std::uint32_t capacity = topology_.topics[subscription.topic].capacity;
  if (capacity == none || backlog.stored < capacity) return true;
  // A message that a consumer can take at once does not have to wait.
  return backlog.stored == 0 && backlog.in_hand < subscription.concurrency &&
         pool_with_free_worker(topology_.operations[subscription.operation].service) != none;
}

void Simulation::message_arrives(std::uint32_t index) {
  const std::uint32_t subscription = messages_[index].subscription;
  const CompiledTopic& topic = topology_.topics[topology_.subscriptions[subscription].topic];
  if (topic.overflow != Overflow::block) {
    if (!has_room(subscription)) {
      if (topic.overflow == Overflow::drop_oldest && !backlogs_[subscription].available.empty()) {
        drop_oldest(subscription);
      } else {
        ++backlogs_[subscription].so_far.published;
        ++measured_.ledger.published;
        ++measured_.ledger.refused;
        if (in_window_) {
          ++measured_.subscriptions[subscription].published;
          ++measured_.subscriptions[subscription].refused;
        }
        return end_message(index);
      }
    }
    store(index);
  }
  travel(index, true);
}

// From now on the message waits in the topic.
void Simulation::store(std::uint32_t index) {
  const std::uint32_t subscription = messages_[index].subscription;
  Backlog& backlog = backlogs_[subscription];
  ++backlog.stored;
  ++backlog.so_far.published;
  ++measured_.ledger.published;
  if (in_window_) ++measured_.subscriptions[subscription].published;
  count_waiting(subscription);
}

void Simulation::drop_oldest(std::uint32_t subscription) {
  Backlog& backlog = backlogs_[subscription];
  const std::uint32_t oldest = backlog.available.pop(backlog.order);
  --backlog.stored;
  ++measured_.ledger.dropped;
  if (in_window_) ++measured_.subscriptions[subscription].dropped;
  end_message(oldest);
}

// Time in the broker (on the first way), and the hop to the consumer.
void Simulation::travel(std::uint32_t index, bool through_broker) {
  const Message& message = messages_[index];
  const Request& request = requests_[message.request];
  const std::uint64_t attempt = mix(message.attempt, message.deliveries);
  Duration way;
  if (through_broker)
    way = sample(topology_.topics[topology_.subscriptions[message.subscription].topic].latency, request,
                 mix(message.visit + salt::topic_latency, message.attempt));
  if (topology_.has_latency) way = way + hop(request, mix(message.visit + salt::delivery_hop, attempt));
  if (way.ns == 0) return make_available(index);
  schedule(now_ + way, Rank::arrival, What::message_available, index);
}

void Simulation::make_available(std::uint32_t index) {
  Message& message = messages_[index];
  message.order = available_order_++;
  const std::uint32_t subscription = message.subscription;
  backlogs_[subscription].available.push(index, message.priority);
  try_deliver(subscription);
}

void Simulation::try_deliver(std::uint32_t index) {
  const CompiledSubscription& subscription = topology_.subscriptions[index];
  Backlog& backlog = backlogs_[index];
  while (!backlog.available.empty() && backlog.in_hand < subscription.concurrency) {
    const std::uint32_t pool = pool_with_free_worker(topology_.operations[subscription.operation].service);
    if (pool == none) return;
    deliver(index, pool);
  }
  admit_blocked(index);
}

// Gives a free worker the message that has been available longest among the service's subscriptions.
bool Simulation::deliver_to(std::uint32_t service, std::uint32_t pool) {
  std::uint32_t best = none;
  std::uint64_t best_order = 0;
  for (const std::uint32_t index : topology_.services[service].subscriptions) {
    Backlog& backlog = backlogs_[index];
    if (backlog.available.empty() || backlog.in_hand >= topology_.subscriptions[index].concurrency) continue;
    const std::uint64_t order = messages_[backlog.available.front()].order;
    if (best == none || order < best_order) {
      best = index;
      best_order = order;
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

void Simulation::deliver(std::uint32_t subscription, std::uint32_t pool) {
  Backlog& backlog = backlogs_[subscription];
  const std::uint32_t index = backlog.available.pop(backlog.order);
  Message& message = messages_[index];
  --backlog.stored;
  ++backlog.in_hand;
  count_waiting(subscription);
  ++message.deliveries;
  if (in_window_ && message.deliveries > 1) ++measured_.subscriptions[subscription].redelivered;
  const std::uint64_t attempt =
      message.deliveries == 1 ? message.attempt : mix(message.attempt + salt::attempt, message.deliveries);
  const std::uint32_t operation = topology_.subscriptions[subscription].operation;
  const std::uint32_t job = new_job(operation, message.request, new_scope(message.group), message.visit, attempt,
                                    message.priority, {Waiter::Kind::message, index, 0});
  Line& line = lines_[job];
  line.own_scope = true;
  line.replica = pool;
  line.arrived = now_;
  if (in_window_) ++measured_.services[topology_.operations[operation].service].arrivals;
  take_worker(line);
  start_job(job);
  admit_blocked(subscription);
}

// Room has come: the publisher that has waited longest puts its message in, and goes on.
void Simulation::admit_blocked(std::uint32_t subscription) {
  Backlog& backlog = backlogs_[subscription];
  while (!backlog.blocked.empty() && has_room(subscription)) {
    const std::uint32_t index = backlog.blocked.pop_front();
    const std::uint32_t publisher = messages_[index].publisher;
    const std::uint32_t generation = messages_[index].publisher_generation;
    send_message(index);
    Line& line = lines_[publisher];
    if (line.generation != generation) continue;
    if (--line.tries == 0) resume(publisher);
  }
}

// A handler job has ended; the message is no longer in hand.
void Simulation::message_ended(std::uint32_t index, Outcome outcome) {
  const Message& message = messages_[index];
  const std::uint32_t subscription = message.subscription;
  if (outcome == Outcome::failed) {
    handling_failed(index);
  } else {
    const Duration lag = now_ - message.published;
    ++backlogs_[subscription].so_far.handled;
    ++measured_.ledger.handled;
    fingerprint_.add(now_, salt::handled + message.visit, requests_[message.request].number);
    if (in_window_) {
      ++measured_.subscriptions[subscription].handled;
      measured_.subscriptions[subscription].lag.add(lag.ns);
    }
    end_message(index);
  }
  try_deliver(subscription);
}

void Simulation::handling_failed(std::uint32_t index) {
  const Message& message = messages_[index];
  const std::uint32_t subscription = message.subscription;
  const CompiledTopic& topic = topology_.topics[topology_.subscriptions[subscription].topic];
  if (topic.delivery == Delivery::at_most_once) {
    ++measured_.ledger.lost;
    if (in_window_) ++measured_.subscriptions[subscription].lost;
    return end_message(index);
  }
  if (message.deliveries >= topic.redelivery.max_deliveries) {
    ++measured_.ledger.dead_lettered;
    if (in_window_) ++measured_.subscriptions[subscription].dead_lettered;
    return end_message(index);
  }
  ++backlogs_[subscription].delayed;
  count_waiting(subscription);
  schedule(now_ + topic.redelivery.wait_after(message.deliveries), Rank::timer, What::message_again, index);
}

// The wait after a failure is over: the message goes to the tail.
void Simulation::message_again(std::uint32_t index) {
  Backlog& backlog = backlogs_[messages_[index].subscription];
  --backlog.delayed;
  ++backlog.stored;
  travel(index, false);
}

void Simulation::end_message(std::uint32_t index) {
  const std::uint32_t group = messages_[index].group;
  messages_.give_back(index);
  leave_group(group);
}

void Simulation::count_waiting(std::uint32_t subscription) {
  Backlog& backlog = backlogs_[subscription];
  const std::int64_t waiting = std::int64_t{backlog.stored} + backlog.delayed;
  backlog.waiting.set(now_, waiting);
  backlog.waiting_in_window.set(now_, waiting);
}

void Simulation::topic_conditions_changed(std::uint32_t) {}

}  // namespace sojourn
