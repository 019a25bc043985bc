// Batches: one job handles several messages. It works for each of them or for all at once; it publishes and notifies for
// every message that is left in it; and it calls, waits and chooses once, in the name of its first message.
// A message that fails or declines leaves the batch there and then.
#include "sojourn/core/hash.hpp"
#include "sojourn/system/hot_accounts.hpp"
#include "sojourn/system/salts.hpp"

namespace sojourn {

// The job has its first message and takes what else there is, up to the size.
void Simulation::fill_batch(std::uint32_t job) {
  Line& main = lines_[job];
  std::uint32_t last = main.waiter.index;
  for (std::uint32_t n = 1; n < topology_.subscriptions[main.subscription].batch_size; ++n) {
    const std::uint32_t index = take_message(main.subscription, main.partition);
    if (index == none) return;
    begin_delivery(index);
    Message& message = messages_[index];
    message.scope = new_scope(message.group);
    ++message.scope->open;
    messages_[last].next = index;
    last = index;
    main.batch = true;
  }
}

// Full, or the first message has waited long enough.
bool Simulation::batch_can_start(std::uint32_t index) {
  const CompiledSubscription& subscription = topology_.subscriptions[index];
  Backlog& backlog = backlogs_[index];
  if (backlog.available.size() >= subscription.batch_size) return true;
  const Time due = messages_[backlog.available.front()].available_since + subscription.batch_wait;
  if (due <= now_) return true;
  if (backlog.armed != due) schedule(due, Rank::timer, What::batch_is_due, index, none);
  backlog.armed = due;
  return false;
}

void Simulation::batch_is_due(std::uint32_t subscription, std::uint32_t partition) {
  if (partition != none) partition_changed(subscription, partition);
  try_deliver(subscription);
}

// How long the work of a line takes: once for all, or one sample for each message.
Duration Simulation::batch_work_time(const Line& line, const Instruction& in) {
  const CompiledWork& work = topology_.works[in.index];
  const Line& main = main_of(line);
  if (work.per_batch) return sample(work.time, requests_[line.request], mix(mix(line.visit, in.site), line.attempt));
  Duration sum;
  for (std::uint32_t i = main.waiter.index; i != none; i = messages_[i].next) {
    const Message& message = messages_[i];
    const std::uint64_t place = mix(visit_from(message.visit, line), in.site);
    sum = sum + sample(work.time, requests_[message.request], mix(place, delivery_attempt(message)));
  }
  return sum;
}

// Work on each message has ended: each fails or declines by itself.
void Simulation::batch_worked(std::uint32_t index) {
  Line& line = lines_[index];
  Line& main = main_of(line);
  const Instruction& in = topology_.code[line.pc - 1];
  const CompiledWork& work = topology_.works[in.index];
  bool failed = false;
  std::uint32_t* link = &main.waiter.index;
  while (*link != none) {
    Message& message = messages_[*link];
    const Request& request = requests_[message.request];
    const std::uint64_t place = mix(visit_from(message.visit, line), in.site);
    if (work.fails > 0 && uniform(request, mix(place + salt::fails, delivery_attempt(message))) <= work.fails) {
      failed = true;
      leave_batch(main, *link, Outcome::failed);
    } else if (work.declines > 0 && uniform(request, place + salt::declines) <= work.declines) {
      leave_batch(main, *link, Outcome::declined);
    } else {
      link = &message.next;
    }
  }
  if (main.waiter.index == none) return end_line(index, failed ? Outcome::failed : Outcome::declined);
  run_line(index);
}

// Takes the message out of the chain at this link. The scope of the job's first message is the job's, and stays open.
void Simulation::leave_batch(Line& main, std::uint32_t& link, Outcome outcome) {
  const std::uint32_t index = link;
  Message& message = messages_[index];
  Scope* const scope = message.scope;
  link = message.next;
  message.next = none;
  if (trails_) handle_trail(index, main);
  if (!message.handled) --backlogs_[main.subscription].in_hand;
  if (scope == nullptr) main.own_scope = false;
  message_ended(index, outcome);
  if (scope != nullptr) leave_scope(scope);
}

void Simulation::notify_batch(const Line& main, std::uint64_t wanted) {
  for (std::uint32_t i = main.waiter.index; i != none; i = messages_[i].next) step_notify(messages_[i].request, wanted);
}

// The job of a batch has succeeded on behalf of all who sent a message that is left in it.
void Simulation::reach_for_batch(const Line& main, std::uint32_t milestone) {
  for (std::uint32_t i = main.waiter.index; i != none; i = messages_[i].next) reach(messages_[i].request, milestone);
}

// Where a message of the batch stands when the line stands there: the same place as in a job of its own.
std::uint64_t Simulation::visit_from(std::uint64_t root, const Line& line) const {
  if (line.fork != none) {
    const Line& parent = lines_[forks_[line.fork].parent];
    if (parent.generation == forks_[line.fork].parent_generation) root = visit_from(root, parent);
  }
  return visit_in_loops(root, line.frame);
}

std::uint64_t Simulation::visit_in_loops(std::uint64_t root, std::uint32_t index) const {
  if (index == none) return root;
  const Frame& frame = frames_[index];
  const std::uint64_t outside = visit_in_loops(root, frame.outer);
  return frame.kind == Frame::Kind::repeat ? mix(mix(outside, frame.site), frame.round) : outside;
}

}  // namespace sojourn
