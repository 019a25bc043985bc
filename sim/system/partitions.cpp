// Partitions: each is a line in the order in which the broker took the messages, and one job at a time takes from its head.
// Those that a consumer could take from stand in a heap, so that nobody searches them.
#include <algorithm>

#include "sojourn/system/simulation.hpp"

namespace sojourn {

// The broker has taken the message: it stands at the tail, and can be taken once it is available.
void Simulation::join_partition(std::uint32_t index) {
  Message& message = messages_[index];
  Partition& partition = backlogs_[message.subscription].partitions[message.partition];
  message.sequence = accepted_order_++;
  message.previous = partition.last;
  message.next = none;
  (partition.last == none ? partition.first : messages_[partition.last].next) = index;
  partition.last = index;
}

// A message whose handling failed takes its old place: only others that failed with it may stand before it.
void Simulation::return_to_partition(std::uint32_t index) {
  Message& message = messages_[index];
  Partition& partition = backlogs_[message.subscription].partitions[message.partition];
  std::uint32_t before = none, behind = partition.first;
  while (behind != none && messages_[behind].sequence < message.sequence) {
    before = behind;
    behind = messages_[behind].next;
  }
  message.previous = before;
  message.next = behind;
  (before == none ? partition.first : messages_[before].next) = index;
  (behind == none ? partition.last : messages_[behind].previous) = index;
}

void Simulation::available_in_partition(std::uint32_t index) {
  Message& message = messages_[index];
  Backlog& backlog = backlogs_[message.subscription];
  message.available = true;
  ++backlog.partitions[message.partition].available;
  message.older = backlog.newest;
  message.newer = none;
  (backlog.newest == none ? backlog.oldest : messages_[backlog.newest].newer) = index;
  backlog.newest = index;
  partition_changed(message.subscription, message.partition);
}

// A message is taken out: to be handled or dropped, or because it was lost before it became available.
void Simulation::leave_partition(std::uint32_t index) {
  Message& message = messages_[index];
  Backlog& backlog = backlogs_[message.subscription];
  Partition& partition = backlog.partitions[message.partition];
  (message.previous == none ? partition.first : messages_[message.previous].next) = message.next;
  (message.next == none ? partition.last : messages_[message.next].previous) = message.previous;
  message.next = message.previous = none;
  if (!message.available) return;
  (message.older == none ? backlog.oldest : messages_[message.older].newer) = message.newer;
  (message.newer == none ? backlog.newest : messages_[message.newer].older) = message.older;
  message.older = message.newer = none;
  message.available = false;
  --partition.available;
}

// The message whose turn it is, where it is available.
std::uint32_t Simulation::first_in_partition(const Backlog& backlog, std::uint32_t partition) const {
  const std::uint32_t first = backlog.partitions[partition].first;
  return first != none && messages_[first].available ? first : none;
}

// Whether there are enough messages at the head for a full batch.
bool Simulation::is_full(const Partition& partition, std::uint32_t size) const {
  if (partition.available < size) return false;
  std::uint32_t index = partition.first;
  for (std::uint32_t n = 0; n < size; ++n, index = messages_[index].next)
    if (!messages_[index].available) return false;
  return true;
}

// Puts the partition among the ready ones when it has become so.
void Simulation::partition_changed(std::uint32_t subscription, std::uint32_t index) {
  const CompiledSubscription& compiled = topology_.subscriptions[subscription];
  Backlog& backlog = backlogs_[subscription];
  Partition& partition = backlog.partitions[index];
  const std::uint32_t first = first_in_partition(backlog, index);
  if (partition.busy || first == none) return;
  const Message& message = messages_[first];
  if (partition.ready_order == message.order) return;
  const Time due = message.available_since + compiled.batch_wait;
  if (due > now_ && !is_full(partition, compiled.batch_size)) {
    if (partition.armed != due) schedule(due, Rank::timer, What::batch_is_due, subscription, index);
    partition.armed = due;
    return;
  }
  partition.ready_order = message.order;
  backlog.ready.push_back({backlog.by_priority ? message.priority : 0, message.order, index});
  std::push_heap(backlog.ready.begin(), backlog.ready.end());
}

// The ready partition whose first message has been available longest; null when there is none.
const ReadyPartition* Simulation::next_partition(Backlog& backlog) {
  while (!backlog.ready.empty()) {
    const ReadyPartition& top = backlog.ready.front();
    const std::uint32_t first = first_in_partition(backlog, top.partition);
    if (!backlog.partitions[top.partition].busy && first != none && messages_[first].order == top.order) return &top;
    std::pop_heap(backlog.ready.begin(), backlog.ready.end());
    backlog.ready.pop_back();
  }
  return nullptr;
}

}  // namespace sojourn
