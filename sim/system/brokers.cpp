// Brokers: they break down and come back, and incidents strike them. What a broker has taken survives; what comes while it
// is down is refused, lost in silence, or waits.
#include <algorithm>

#include "sojourn/core/hash.hpp"
#include "sojourn/system/salts.hpp"
#include "sojourn/system/simulation.hpp"

namespace sojourn {

void Simulation::plan_broker_failures() {
  for (std::uint32_t i = 0; i < topology_.topics.size(); ++i) {
    if (!topology_.topics[i].breaks_down) continue;
    Draw draw = brokers_[i].clock.next();
    schedule(topology_.topics[i].time_to_failure(draw), Rank::mark, What::broker_turns, i);
  }
}

void Simulation::broker_turns(std::uint32_t index) {
  // It may come before the tick of its instant.
  if (bucket_ != none) bucket_ = static_cast<std::uint32_t>(now_.ns / measured_.timeline.bucket.ns);
  const CompiledTopic& topic = topology_.topics[index];
  Broker& broker = brokers_[index];
  broker.failed = !broker.failed;
  Draw draw = broker.clock.next();
  const Duration length = broker.failed ? topic.time_to_repair(draw) : topic.time_to_failure(draw);
  // At least a nanosecond: two laws that are always 0 must not stop the time.
  schedule(now_ + std::max(length, Duration{1}), Rank::mark, What::broker_turns, index);
  topic_conditions_changed(index);
}

void Simulation::topic_conditions_changed(std::uint32_t index) {
  const CompiledTopic& topic = topology_.topics[index];
  const Conditions& conditions = topic_conditions_[index];
  Broker& broker = brokers_[index];
  const bool was_down = broker.down.has_value();
  broker.down.reset();
  for (const DownMode mode : {DownMode::pause, DownMode::hang, DownMode::refuse})  // the last one is the strongest
    if (conditions.is_down(mode) || (broker.failed && topic.mode == mode)) broker.down = mode;
  broker.troubled = broker.down || conditions.fails > 0 || conditions.loss > 0;
  for (std::uint32_t i = 0; i < topic.subscriptions; ++i)
    backlogs_[topic.first_subscription + i].stopped = broker.down.has_value();
  if (was_down && !broker.down) broker_comes_back(index);
}

void Simulation::broker_comes_back(std::uint32_t index) {
  const CompiledTopic& topic = topology_.topics[index];
  Ring& held = brokers_[index].held;
  for (std::size_t left = held.size(); left > 0; --left) message_arrives(held.pop_front());
  for (std::uint32_t i = 0; i < topic.subscriptions; ++i) {
    const std::uint32_t subscription = topic.first_subscription + i;
    try_deliver(subscription);
    admit_blocked(subscription);
    if (topology_.polls) plan_look(subscription);
  }
}

// Whether the broker takes a message that has come, for all that troubles it. Where not, this has seen to the message.
bool Simulation::broker_takes(std::uint32_t index) {
  const Message& message = messages_[index];
  const std::uint32_t topic = topology_.subscriptions[message.subscription].topic;
  const Conditions& conditions = topic_conditions_[topic];
  const Request& request = requests_[message.request];
  const auto strikes = [&](double chance, std::uint64_t salt) {
    return chance > 0 && !message.outbox && uniform(request, mix(message.visit + salt, message.attempt)) <= chance;
  };
  Broker& broker = brokers_[topic];
  if (strikes(conditions.loss, salt::broker_loss)) {
    lose_message(index);
    return false;
  }
  if (broker.down == DownMode::pause || (broker.down && message.outbox)) {
    broker.held.push_back(index);
    return false;
  }
  if (!broker.down && !strikes(conditions.fails, salt::broker_fails)) return true;
  if (message.confirm && broker.down != DownMode::hang)
    refuse_message(index);
  else
    lose_message(index);
  return false;
}

// On the way to the broker, or by a broker that is down. A publisher that confirms hears nothing.
void Simulation::lose_message(std::uint32_t index) {
  const std::uint32_t subscription = messages_[index].subscription;
  if (messages_[index].stored)
    take_back(index);
  else
    count_published(index);
  ++measured_.ledger.lost;
  if (in_window_) ++measured_.subscriptions[subscription].lost;
  end_message(index);
  if (!backlogs_[subscription].admitting) admit_blocked(subscription);
}

// The time that a message spends in the broker.
Duration Simulation::broker_time(const Message& message) const {
  const std::uint32_t topic = topology_.subscriptions[message.subscription].topic;
  const Request& request = requests_[message.request];
  Duration time =
      sample(topology_.topics[topic].latency, request, mix(message.visit + salt::topic_latency, message.attempt));
  const Conditions& conditions = topic_conditions_[topic];
  if (conditions.is_calm()) return time;
  if (conditions.slowdown != 1) time = from_ns(static_cast<double>(time.ns) * conditions.slowdown);
  for (const std::uint32_t incident : conditions.latencies)
    time = time + sample(topology_.incidents[incident].added, request,
                         mix(mix(message.visit + salt::topic_incident, incident), message.attempt));
  return time;
}

}  // namespace sojourn
