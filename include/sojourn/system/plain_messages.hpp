#pragma once
// The short way of messages between plain services: see plain_jobs.hpp.

#include "sojourn/system/plain_jobs.hpp"

namespace sojourn {

// Gives whether the line goes on at once.
[[gnu::always_inline]] inline bool Simulation::step_plain_publish(std::uint32_t index, Line& line, Place& at) {
  const std::uint32_t pc = line.pc - 1;
  if (!at.simple) [[unlikely]]
    return step_publish(index, topology_.code[pc]);
  if (at.first_outlet == none) [[unlikely]]
    places_.complete_publish(line.path, pc);
  const Place& place = places_.at(line.path, pc);
  for (std::uint32_t i = 0; i < place.outlets; ++i) {
    const Outlet& outlet = places_.outlet(place.first_outlet + i);
    if (outlet.to.plain)
      publish_plainly(line, place, outlet);
    else
      publish_message(index, topology_.code[pc],
                      {line.visit, line.attempt, line.request, line.scope, line.priority, index},
                      outlet.subscription);
  }
  return true;
}

// The message is at once with a free worker, or waits for one in the topic.
[[gnu::always_inline]] inline void Simulation::publish_plainly(const Line& line, const Place& place,
                                                               const Outlet& outlet) {
  const std::uint32_t index = messages_.take();
  Message& message = messages_[index];
  if (!message.plain) [[unlikely]]
    message = {};
  message.visit = place.site;
  message.attempt = line.attempt;
  message.published = now_;
  message.subscription = outlet.subscription;
  message.request = line.request;
  message.group = new_group(line.scope, 1);
  message.path = outlet.to.path;
  message.deliveries = 0;
  message.priority = place.has_priority ? place.priority : line.priority;
  message.order = available_order_++;
  message.plain = true;
  Backlog& backlog = *outlet.backlog;
  ++backlog.so_far.published;
  ++measured_.ledger.published;
  if (in_window_) ++outlet.measured->published;
  if (backlog.available.empty() && backlog.jobs < outlet.concurrency &&
      outlet.to.station->pools.front().has_free_worker()) {
    message.stored = false;
    return start_plain_handler(index, message, backlog, outlet.to, line.number);
  }
  message.stored = true;
  ++backlog.stored;
  backlog.waiting.set(now_, std::int64_t{backlog.stored} + backlog.delayed);
  backlog.available.push(index, message.priority);
}

[[gnu::always_inline]] inline void Simulation::start_plain_handler(std::uint32_t index, Message& message,
                                                                   Backlog& backlog, const Destination& to,
                                                                   std::uint64_t number) {
  ++backlog.in_hand;
  ++backlog.jobs;
  ++message.deliveries;
  Line& line = new_plain_job(to, {.visit = message.visit,
                                               .number = number,
                                               .request = message.request,
                                               .scope = new_scope(message.group),
                                               .waiter = {Waiter::Kind::message, index, 0},
                                               .priority = message.priority,
                                               .own_scope = true});
  line.subscription = message.subscription;
  line.arrived = now_;
  Station& station = *to.station;
  take_plain_worker(line, station, station.pools.front());
  if (in_window_) {
    ++station.measured->arrivals;
    station.measured->waiting_time.add_zero();
  }
  resume(line.main);
}

// Gives a free worker the message that is next; false when there is none.
[[gnu::always_inline]] inline bool Simulation::deliver_plainly_to(std::uint32_t service) {
  const std::vector<std::uint32_t>& subscriptions = topology_.services[service].subscriptions;
  if (subscriptions.size() > 1) return deliver_to(service, 0);
  const std::uint32_t subscription = subscriptions.front();
  const CompiledSubscription& compiled = topology_.subscriptions[subscription];
  Backlog& backlog = backlogs_[subscription];
  if (backlog.available.empty() || backlog.jobs >= compiled.concurrency) return false;
  Message& next = messages_[backlog.available.front()];
  if (next.path == none || next.deliveries > 0) return deliver_to(service, 0);  // no first attempt
  const std::uint32_t index = backlog.available.pop(backlog.order);
  --backlog.stored;
  next.stored = false;
  const CompiledOperation& operation = topology_.operations[compiled.operation];
  start_plain_handler(index, next, backlog,
                      {.station = &stations_[service],
                       .service = service,
                       .operation = compiled.operation,
                       .pc = operation.entry,
                       .path = next.path,
                       .plain = true},
                      requests_[next.request].number);
  backlog.waiting.set(now_, std::int64_t{backlog.stored} + backlog.delayed);
  return true;
}

// The message that a job has handled is done.
[[gnu::always_inline]] inline void Simulation::settle_plain_message(const Line& job) {
  const std::uint32_t index = job.waiter.index, subscription = job.subscription;
  const Message& message = messages_[index];
  Backlog& backlog = backlogs_[subscription];
  ++backlog.so_far.handled;
  ++measured_.ledger.handled;
  fingerprint_.add(now_, salt::handled + message.visit, job.number);
  if (in_window_) {
    SubscriptionMeasurement& measured = measured_.subscriptions[subscription];
    ++measured.handled;
    measured.lag.add((now_ - message.published).ns);
  }
  Group* const group = message.group;
  messages_.give_back(index);
  leave_group(group);
  if (!backlog.available.empty()) try_deliver(subscription);
}

}  // namespace sojourn
