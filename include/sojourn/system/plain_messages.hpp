#pragma once
// The short way of messages between plain services: see plain_jobs.hpp. A message is the job that will handle it, from the
// start; while it waits in its topic it stands there as that job. Only when its handling fails it becomes a message like any
// other (see message_of in publishing.cpp).

#include "sojourn/system/foreseen_visits.hpp"
#include "sojourn/system/plain_jobs.hpp"

namespace sojourn {

// Gives whether the line goes on at once.
[[gnu::always_inline]] inline bool Simulation::step_plain_publish(Line& line, Place& place) {
  if (!place.simple) [[unlikely]]
    return step_publish(line.self, topology_.code[line.pc - 1]);
  if (place.first_outlet == none) [[unlikely]]
    places_.complete_publish(line.path, line.pc - 1);
  for (std::uint32_t i = 0; i < place.outlets; ++i) {
    const Outlet& outlet = places_.outlet(place.first_outlet + i);
    if (outlet.to.foreseen)
      publish_foreseen(line, place, outlet);
    else if (outlet.to.plain) [[likely]]
      publish_plainly(line, place, outlet);
    else
      publish_message(line.self, topology_.code[line.pc - 1],
                      {line.visit, line.attempt, line.request, line.scope, line.priority, line.self},
                      outlet.subscription);
  }
  return true;
}

// A job that never fails needs no account of its own: what fails of all that it causes is missing in its publisher's.
[[gnu::always_inline]] inline void Simulation::publish_plainly(const Line& line, const Place& place,
                                                               const Outlet& outlet) {
  Scope* scope = line.scope;
  if (!outlet.never_fails) {
    Group* const group = new_group(line.scope, 1);
    group->open = 0;  // the scope alone keeps it
    scope = new_scope(group);
  }
  Line& job = new_plain_job(outlet.to, {.visit = place.site,
                                        .number = line.number,
                                        .request = line.request,
                                        .scope = scope,
                                        .waiter = {Waiter::Kind::message, none, 0},
                                        .priority = place.has_priority ? place.priority : line.priority,
                                        .own_scope = !outlet.never_fails});
  Backlog& backlog = *outlet.backlog;
  job.backlog = &backlog;
  job.subscription = outlet.subscription;
  job.published = now_;
  job.order = available_order_++;
  ++backlog.so_far.published;
  ++measured_.ledger.published;
  if (in_window_) ++outlet.measured->published;
  Pool& pool = outlet.to.station->pools.front();
  if (backlog.available.empty() && backlog.jobs < outlet.concurrency && pool.has_free_worker())
    return start_plain_handler(job, pool, place.closing);
  ++backlog.stored;
  backlog.waiting.set(now_, std::int64_t{backlog.stored} + backlog.delayed);
  backlog.available.push(early_job | job.self, job.priority);
}

[[gnu::always_inline]] inline void Simulation::start_plain_handler(Line& job, Pool& pool, bool at_once) {
  ++job.backlog->in_hand;
  ++job.backlog->jobs;
  count_plain_handler(job);
  take_plain_worker(*job.station, pool);
  start_plain_job(job, at_once);
}

[[gnu::always_inline]] inline void Simulation::count_plain_handler(Line& job) {
  ++measured_.ledger.jobs_started;
  job.live = true;
  job.arrived = now_;
  if (!in_window_) return;
  ServiceMeasurement& measured = *job.station->measured;
  ++measured.arrivals;
  measured.waiting_time.add_zero();
}

// The worker whose work on a message has just ended takes the one that is next in the same topic: as many are in hand, at work
// and taken as before. Gives whether there was one, and nobody who comes first.
[[gnu::always_inline]] inline bool Simulation::take_next_message(Station& station, Backlog& backlog) {
  if (station.only_subscription == none || !station.pools.front().queue.empty() || backlog.available.empty() ||
      backlog.jobs > station.concurrency || (backlog.available.front() & early_job) == 0)
    return false;
  Line& job = lines_[backlog.available.pop(backlog.order) & ~early_job];
  --backlog.stored;
  count_plain_handler(job);
  take_over_plainly(job, station);
  backlog.waiting.set(now_, std::int64_t{backlog.stored} + backlog.delayed);
  return true;
}

// Gives a free worker the message that is next; false when there is none.
[[gnu::always_inline]] inline bool Simulation::deliver_plainly_to(Station& station) {
  if (station.only_subscription == none) return deliver_to(station.service, 0);  // there are several
  Backlog& backlog = backlogs_[station.only_subscription];
  if (backlog.available.empty() || backlog.jobs >= station.concurrency) return false;
  if ((backlog.available.front() & early_job) == 0) [[unlikely]]
    return deliver_to(station.service, 0);
  start_early_job(backlog);
  return true;
}

// The message that is first in its topic is handled now.
[[gnu::always_inline]] inline void Simulation::start_early_job(Backlog& backlog) {
  Line& job = lines_[backlog.available.pop(backlog.order) & ~early_job];
  --backlog.stored;
  start_plain_handler(job, job.station->pools.front(), true);
  backlog.waiting.set(now_, std::int64_t{backlog.stored} + backlog.delayed);
}

// The message that a job has handled is done.
[[gnu::always_inline]] inline void Simulation::settle_plain_message(const Line& job) {
  Backlog& backlog = *job.backlog;
  Time published = job.published;
  if (job.waiter.index != none) [[unlikely]]
    published = end_handled_message(job.waiter.index);
  ++backlog.so_far.handled;
  ++measured_.ledger.handled;
  fingerprint_.add(now_, salt::handled + job.visit, job.number);
  if (in_window_) {
    SubscriptionMeasurement& measured = *backlog.measured;
    ++measured.handled;
    measured.lag.add((now_ - published).ns);
  }
}

}  // namespace sojourn
