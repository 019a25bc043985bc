// Consumers that look from time to time. Only a look that may find something is in the calendar.
#include "sojourn/system/simulation.hpp"

namespace sojourn {

// Makes sure that somebody looks, where there is something to find and somebody is idle.
void Simulation::plan_look(std::uint32_t index) {
  Backlog& backlog = backlogs_[index];
  if (topology_.subscriptions[index].poll.ns == 0 || backlog.stopped || backlog.looking) return;
  if (backlog.partitions.empty() ? backlog.available.empty() : backlog.oldest == none) return;
  // The looks of this instant are over for what comes after its timers, or by those who have looked already.
  const bool over = after_timers_ || backlog.looked_at == now_;
  const Time at = backlog.consumers.next_look(over ? now_ + Duration{1} : now_);
  if (at >= backlog.look_at) return;
  backlog.look_at = at;
  schedule(at, Rank::timer, What::consumer_looks, index);
}

void Simulation::consumers_look(std::uint32_t index) {
  Backlog& backlog = backlogs_[index];
  if (backlog.look_at != now_) return;
  backlog.look_at = Time::never();
  backlog.looking = true;
  try_deliver(index);
  consumer_looked(index);
}

// Whoever looked has found something, or will look again.
void Simulation::consumer_looked(std::uint32_t index) {
  Backlog& backlog = backlogs_[index];
  backlog.looking = false;
  backlog.looked_at = now_;
  plan_look(index);
}

}  // namespace sojourn
