#pragma once
// The short way of messages between plain services: see plain_jobs.hpp.

#include "sojourn/system/plain_jobs.hpp"

namespace sojourn {

// Gives whether the line goes on at once.
[[gnu::always_inline]] inline bool Simulation::step_plain_publish(std::uint32_t index, Line& line,
                                                                  const Instruction& in) {
  const CompiledPublish& publish = topology_.publishes[in.index];
  if (!publish.simple) [[unlikely]]
    return step_publish(index, in);
  const CompiledTopic& topic = topology_.topics[publish.topic];
  for (std::uint32_t i = 0; i < topic.subscriptions; ++i) {
    const std::uint32_t subscription = topic.first_subscription + i;
    if (stations_[topology_.subscriptions[subscription].service].plain)
      publish_plainly(line, in, publish, i);
    else
      publish_message(index, in, {line.visit, line.attempt, line.request, line.scope, line.priority, index},
                      subscription);
  }
  return true;
}

// The message is at once with a free worker, or waits for one in the topic.
[[gnu::always_inline]] inline void Simulation::publish_plainly(const Line& line, const Instruction& in,
                                                               const CompiledPublish& publish, std::uint32_t n) {
  const std::uint32_t subscription = topology_.topics[publish.topic].first_subscription + n;
  const std::uint32_t index = messages_.take();
  Message& message = messages_[index];
  if (!message.plain) [[unlikely]]
    message = {};
  const std::uint32_t pc = line.pc - 1;
  message.visit = line.path != none ? places_.at(line.path, pc).site : mix(line.visit, in.site);
  message.path = line.path != none ? places_.path_of_publish(line.path, pc, n) : none;
  message.attempt = line.attempt;
  message.published = now_;
  message.subscription = subscription;
  message.request = line.request;
  message.group = new_group(line.scope, line.request, 1);
  message.deliveries = 0;
  message.priority = publish.priority.value_or(line.priority);
  message.order = available_order_++;
  message.plain = true;
  Backlog& backlog = backlogs_[subscription];
  ++backlog.so_far.published;
  ++measured_.ledger.published;
  if (in_window_) ++measured_.subscriptions[subscription].published;
  const CompiledSubscription& compiled = topology_.subscriptions[subscription];
  if (backlog.available.empty() && backlog.jobs < compiled.concurrency &&
      stations_[compiled.service].pools.front().has_free_worker()) {
    message.stored = false;
    return start_plain_handler(index, message);
  }
  message.stored = true;
  ++backlog.stored;
  count_waiting(subscription);
  backlog.available.push(index, message.priority);
}

[[gnu::always_inline]] inline void Simulation::start_plain_handler(std::uint32_t index, Message& message) {
  const std::uint32_t subscription = message.subscription;
  const CompiledSubscription& compiled = topology_.subscriptions[subscription];
  Backlog& backlog = backlogs_[subscription];
  Station& station = stations_[compiled.service];
  ++backlog.in_hand;
  ++backlog.jobs;
  ++message.deliveries;
  if (in_window_ && message.deliveries > 1) ++measured_.subscriptions[subscription].redelivered;
  const std::uint32_t job =
      new_plain_job(compiled.operation, message.request, new_scope(message.group), message.visit,
                    delivery_attempt(message), message.deliveries == 1 ? message.path : none, message.priority,
                    {Waiter::Kind::message, index, 0});
  Line& line = lines_[job];
  line.own_scope = true;
  line.subscription = subscription;
  line.arrived = now_;
  take_plain_worker(line, station);
  line.started = true;
  if (in_window_) {
    ++station.measured->arrivals;
    station.measured->waiting_time.add_zero();
  }
  resume(job);
}

// Gives a free worker the message that is next; false when there is none.
[[gnu::always_inline]] inline bool Simulation::deliver_plainly_to(std::uint32_t service) {
  const std::vector<std::uint32_t>& subscriptions = topology_.services[service].subscriptions;
  if (subscriptions.size() > 1) [[unlikely]]
    return deliver_to(service, 0);
  const std::uint32_t subscription = subscriptions.front();
  Backlog& backlog = backlogs_[subscription];
  if (backlog.available.empty() || backlog.jobs >= topology_.subscriptions[subscription].concurrency) return false;
  const std::uint32_t index = backlog.available.pop(backlog.order);
  Message& message = messages_[index];
  if (message.stored) --backlog.stored;
  message.stored = false;
  start_plain_handler(index, message);
  count_waiting(subscription);
  return true;
}

// The fate of the message that a job has handled.
[[gnu::always_inline]] inline void Simulation::settle_plain_message(const Line& job, Outcome outcome) {
  const std::uint32_t index = job.waiter.index, subscription = job.subscription;
  const Message& message = messages_[index];
  if (outcome == Outcome::failed) {
    handling_failed(index);
  } else {
    Backlog& backlog = backlogs_[subscription];
    ++backlog.so_far.handled;
    ++measured_.ledger.handled;
    fingerprint_.add(now_, salt::handled + message.visit, requests_[message.request].number);
    if (in_window_) {
      SubscriptionMeasurement& measured = measured_.subscriptions[subscription];
      ++measured.handled;
      measured.lag.add((now_ - message.published).ns);
    }
    const std::uint32_t group = message.group;
    messages_.give_back(index);
    leave_group(group);
  }
  if (!backlogs_[subscription].available.empty()) try_deliver(subscription);
}

}  // namespace sojourn
