// What becomes of a message when its handling has ended: it is done, comes again, or is given up.
#include "sojourn/core/hash.hpp"
#include "sojourn/system/hot_requests.hpp"
#include "sojourn/system/salts.hpp"

namespace sojourn {

// One delivery of one message has ended. One that happens twice is decided by its first success.
void Simulation::message_ended(std::uint32_t index, Outcome outcome) {
  Message& message = messages_[index];
  const std::uint32_t subscription = message.subscription;
  if (message.handled) return end_message(index);
  const bool twice = happens_twice(message);
  if (outcome == Outcome::failed) {
    if (twice) return deliver_again(index);
    return handling_failed(index);
  }
  const Duration lag = now_ - message.published;
  ++backlogs_[subscription].so_far.handled;
  ++measured_.ledger.handled;
  fingerprint_.add(now_, salt::handled + message.visit, requests_[message.request].number);
  if (in_window_) {
    ++measured_.subscriptions[subscription].handled;
    measured_.subscriptions[subscription].lag.add(lag.ns);
  }
  if (!twice) return end_message(index);
  message.handled = true;
  deliver_again(index);
}

bool Simulation::happens_twice(const Message& message) const {
  const CompiledSubscription& subscription = topology_.subscriptions[message.subscription];
  const double chance = topology_.topics[subscription.topic].duplicates;
  if (chance == 0 || message.second) return false;
  const std::uint64_t place = mix(message.visit + salt::duplicate, topology_.operations[subscription.operation].site);
  return uniform(requests_[message.request], mix(place, delivery_attempt(message))) <= chance;
}

// The broker does not know that a delivery has ended, and sends the message once more.
void Simulation::deliver_again(std::uint32_t index) {
  Message& message = messages_[index];
  message.second = true;
  if (in_window_) ++measured_.subscriptions[message.subscription].duplicates;
  if (!message.handled) {
    message.stored = true;
    ++backlogs_[message.subscription].stored;
    count_waiting(message.subscription);
  }
  if (message.partition != none) return_to_partition(index);
  message.scope = nullptr;
  travel(index, false);
}

void Simulation::handling_failed(std::uint32_t index) {
  Message& message = messages_[index];
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
  message.scope = nullptr;
  message.second = false;
  if (message.partition != none) return_to_partition(index);
  ++backlogs_[subscription].delayed;
  count_waiting(subscription);
  schedule(now_ + topic.redelivery.wait_after(message.deliveries), Rank::timer, What::message_again, index);
}

// The wait after a failure is over: the message goes to the tail, or stands at the head of its partition.
void Simulation::message_again(std::uint32_t index) {
  Backlog& backlog = backlogs_[messages_[index].subscription];
  --backlog.delayed;
  ++backlog.stored;
  messages_[index].stored = true;
  travel(index, false);
}

// On the short way a message of its own has been handled; gives when it was published.
Time Simulation::end_handled_message(std::uint32_t index) {
  const Time published = messages_[index].published;
  Group* const group = messages_[index].group;
  messages_.give_back(index);
  leave_group(group);
  return published;
}

void Simulation::end_message(std::uint32_t index) {
  Group* const group = messages_[index].group;
  if (trails_) {
    charge_message(index, Blame::topic);
    trails_->end_with(trails_->message(index));
  }
  messages_.give_back(index);
  leave_group(group);
}

}  // namespace sojourn
