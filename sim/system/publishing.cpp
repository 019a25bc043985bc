// Publishing: messages leave for the broker at once, wait with their publisher for room, or wait in its outbox; whoever
// confirms learns whether the broker took them.
#include <utility>

#include "sojourn/core/hash.hpp"
#include "sojourn/system/hot_accounts.hpp"
#include "sojourn/system/salts.hpp"

namespace sojourn {

// Gives whether the line goes on at once. A job that handles a batch publishes for every message of it.
bool Simulation::step_publish(std::uint32_t index, const Instruction& in) {
  Line& line = lines_[index];
  const Line& main = main_of(line);
  line.tries = 1;  // one for the step itself: nobody resumes the line while its messages are being sent
  ++line.generation;
  if (main.batch) {
    for (std::uint32_t i = main.waiter.index; i != none; i = messages_[i].next) {
      const Message& message = messages_[i];
      publish_messages(index, in,
                       {visit_from(message.visit, line), delivery_attempt(message), message.request,
                        message.scope == nullptr ? main.scope : message.scope, message.priority, index, i});
    }
  } else {
    publish_messages(index, in, {line.visit, line.attempt, line.request, line.scope, main.priority, index});
  }
  if (--line.tries == 0) return true;
  const CompiledPublish& publish = topology_.publishes[in.index];
  if (publish.timeout) schedule(now_ + *publish.timeout, Rank::timer, What::confirm_times_out, index, line.generation);
  leave_worker_if_idle(main_of(line));
  return false;
}

// One message for every subscription.
void Simulation::publish_messages(std::uint32_t index, const Instruction& in, const Origin& origin) {
  const CompiledTopic& topic = topology_.topics[topology_.publishes[in.index].topic];
  for (std::uint32_t i = 0; i < topic.subscriptions; ++i)
    publish_message(index, in, origin, topic.first_subscription + i);
}

void Simulation::publish_message(std::uint32_t index, const Instruction& in, const Origin& origin,
                                 std::uint32_t subscription) {
  const CompiledPublish& publish = topology_.publishes[in.index];
  const std::uint32_t message = new_message(origin, subscription, in);
  if (publish.outbox) {
    messages_[message].outbox = true;
    backlogs_[subscription].outbox.push_back(message);
    return empty_outbox(subscription);
  }
  const bool must_wait = topology_.topics[publish.topic].overflow == Overflow::block && !has_room(message);
  if (must_wait || publish.confirm) {
    Line& line = lines_[index];
    ++line.tries;
    messages_[message].publisher = index;
    messages_[message].publisher_generation = line.generation;
    messages_[message].confirm = publish.confirm;
  }
  if (must_wait)
    backlogs_[subscription].blocked.push_back(message);
  else
    send_message(message);
}

std::uint32_t Simulation::new_message(const Origin& origin, std::uint32_t subscription, const Instruction& in) {
  const std::uint32_t index = messages_.take();
  Message& message = messages_[index];
  message = {};
  message.visit = mix(origin.visit, in.site);
  message.attempt = origin.attempt;
  message.published = now_;
  message.subscription = subscription;
  message.request = origin.request;
  message.group = new_group(origin.scope, 1);
  const Line& line = lines_[origin.line];
  if (line.path != none && origin.message == none) {
    const std::uint32_t pc = line.pc - 1;
    if (places_.at(line.path, pc).first_outlet == none) places_.complete_publish(line.path, pc);
    const CompiledTopic& topic = topology_.topics[topology_.publishes[in.index].topic];
    message.path =
        places_.outlet(places_.at(line.path, pc).first_outlet + subscription - topic.first_subscription).to.path;
  }
  message.link = topology_.publishes[in.index].link;
  message.priority = topology_.publishes[in.index].priority.value_or(origin.priority);
  if (topology_.subscriptions[subscription].partitions > 0) message.partition = partition_of(message, in);
  if (trails_) begin_message_trail(index, origin);
  return index;
}

// The handling of a message fails that has been its handler's job from the start: it becomes a message of its own.
std::uint32_t Simulation::message_of(Line& job) {
  const std::uint32_t index = messages_.take();
  Message& message = messages_[index];
  message = {};
  message.visit = job.visit;
  message.attempt = job.attempt;
  message.published = job.published;
  message.subscription = job.subscription;
  message.request = job.request;
  message.group = job.scope->group;
  ++message.group->open;
  message.path = job.path;
  message.deliveries = 1;
  message.priority = job.priority;
  message.order = job.order;
  return index;
}

// A key belongs to the request and the place of the step, not to the attempt.
std::uint32_t Simulation::partition_of(const Message& message, const Instruction& in) const {
  const Request& request = requests_[message.request];
  const auto& zipf = topology_.publishes[in.index].key;
  std::uint64_t key = request.number;
  if (zipf) {
    Draw draw(request.key, request.number, message.visit + salt::message_key);
    key = (*zipf)(draw);
  }
  return static_cast<std::uint32_t>(key % topology_.subscriptions[message.subscription].partitions);
}

// On its way to the broker. A topic that blocks its publishers has kept room for it.
void Simulation::send_message(std::uint32_t index) {
  const Message& message = messages_[index];
  const CompiledTopic& topic = topology_.topics[topology_.subscriptions[message.subscription].topic];
  if (topic.overflow == Overflow::block && !message.stored) store(index);
  if (!topology_.has_network) return message_arrives(index);
  const Hop hop =
      cross(message.link, none, requests_[message.request], mix(message.visit + salt::publish_hop, message.attempt));
  if (hop.passage == Passage::passes || message.outbox)
    return schedule(now_ + hop.time, Rank::arrival, What::message_arrives, index);
  if (message.confirm && hop.passage == Passage::refused) return refuse_message(index);
  lose_message(index);
}

// What is left in the outbox goes in its order, each as soon as there is room for it, which is kept while it is on its way.
void Simulation::empty_outbox(std::uint32_t subscription) {
  Backlog& backlog = backlogs_[subscription];
  const CompiledTopic& topic = topology_.topics[topology_.subscriptions[subscription].topic];
  while (!backlog.outbox.empty() && !backlog.stopped) {
    const std::uint32_t index = backlog.outbox.front();
    if (!has_room(index) && !(topic.overflow == Overflow::drop_oldest && drop_oldest(subscription))) return;
    backlog.outbox.pop_front();
    store(index);
    send_message(index);
  }
}

// Room has come: the publisher that has waited longest puts its message in, and goes on.
void Simulation::admit_waiting(std::uint32_t subscription) {
  Backlog& backlog = backlogs_[subscription];
  const bool admitting = std::exchange(backlog.admitting, true);
  while (!backlog.blocked.empty()) {
    const std::uint32_t index = backlog.blocked.front();
    const Message message = messages_[index];
    const bool gave_up = lines_[message.publisher].generation != message.publisher_generation;
    if (!gave_up && !has_room(index)) break;
    backlog.blocked.pop_front();
    if (gave_up) {
      end_message(index);  // it was never published
      continue;
    }
    send_message(index);
    if (message.confirm) continue;
    if (--lines_[message.publisher].tries > 0) continue;
    if (trails_) charge_publish(message.publisher);
    resume(message.publisher);
  }
  empty_outbox(subscription);
  backlog.admitting = admitting;
}

// What the broker says to a publisher that confirms: the last message that it takes confirms the step, the first that it
// does not take fails it.
void Simulation::acknowledge(std::uint32_t index, bool accepted) {
  const Message& message = messages_[index];
  Line& line = lines_[message.publisher];
  if (line.generation != message.publisher_generation) return;
  if (accepted && --line.tries > 0) return;
  Duration back;
  if (topology_.has_network) {
    const Hop hop =
        cross(message.link, none, requests_[message.request], mix(message.visit + salt::confirm_hop, message.attempt));
    if (hop.passage != Passage::passes) return;
    back = hop.time;
  }
  // A refusal takes effect when its line is done with sending, so it is an event even where it takes no time.
  if (accepted && back.ns == 0) return publish_answered(message.publisher, true);
  schedule(now_ + back, Rank::end, accepted ? What::publish_confirmed : What::publish_refused, message.publisher,
           line.generation);
}

void Simulation::publish_answered(std::uint32_t index, bool accepted) {
  Line& line = lines_[index];
  if (trails_) charge_publish(index);
  ++line.generation;
  if (accepted) return resume(index);
  line.scope->failed = true;
  end_line(index, Outcome::failed);
}

}  // namespace sojourn
