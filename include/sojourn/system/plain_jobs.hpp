#pragma once
// The short way through a plain service (see mark_plain): what the functions of the same names without "plain" do, without all
// that cannot happen there. It is for first attempts, and for runs whose requests are not observed; everything else goes the
// long way. Tests hold both ways to the same results. Inline, for the loop in simulation.cpp alone.

#include "sojourn/core/hash.hpp"
#include "sojourn/system/hot_accounts.hpp"
#include "sojourn/system/salts.hpp"
#include "sojourn/system/simulation.hpp"

namespace sojourn {

// A job that has not begun yet.
[[gnu::always_inline]] inline Line& Simulation::new_plain_job(const Destination& to, const JobOrigin& from) {
  const std::uint32_t index = lines_.take();
  Line& job = lines_[index];
  if (!job.plain) [[unlikely]]
    clean_for_plain_job(index);
  ++job.generation;
  job.visit = from.visit;
  job.number = from.number;
  job.pc = to.pc;
  job.path = to.path;
  job.places = to.places;
  job.request = from.request;
  job.scope = from.scope;
  job.waiter = from.waiter;
  job.service = to.service;
  job.operation = to.operation;
  job.station = to.station;
  job.priority = from.priority;
  job.lines = 1;
  job.started = job.holds_worker = job.working = job.queued = false;
  job.answered = job.main_ended = job.degraded = false;
  job.own_scope = from.own_scope;
  ++from.scope->open;
  return job;
}

// A call has arrived: it starts, waits, or is refused.
[[gnu::always_inline]] inline void Simulation::enter_plain_station(Line& job) {
  Station& station = *job.station;
  Pool& pool = station.pools.front();
  ++measured_.ledger.jobs_started;
  job.live = true;
  job.arrived = now_;
  if (in_window_) ++station.measured->arrivals;
  if (pool.has_free_worker()) {
    take_plain_worker(station, pool);
    if (in_window_) station.measured->waiting_time.add_zero();
    start_plain_job(job, true);
  } else if (pool.queue.size() < station.capacity) {
    job.queued = true;
    pool.queue.push(job.self, job.priority);
    station.queue.rise(now_);
  } else {
    refuse_job(job.self);
  }
}

[[gnu::always_inline]] inline void Simulation::take_plain_worker(Station& station, Pool& pool) {
  ++pool.taken;
  station.taken.rise(now_);
}

// It has a worker. Where it would be the next to go on, because whoever starts it schedules nothing more at this instant, its
// first work begins at once.
[[gnu::always_inline]] inline void Simulation::start_plain_job(Line& job, bool at_once) {
  job.holds_worker = true;
  job.started = true;
  if (!at_once || !begins_with_work(job) || !ready_.empty()) [[unlikely]]
    return ready_.push_back(job);
  start_plain_work(job, Places::place_at(job.places, job.pc++));
}

// A second attempt, say, takes the long way through a plain service.
[[gnu::always_inline]] inline bool Simulation::begins_with_work(const Line& job) {
  return job.plain && Places::place_at(job.places, job.pc).action == Action::work;
}

// The same for a job that takes over a worker from work that has just ended: one is at work, before and after.
[[gnu::always_inline]] inline void Simulation::take_over_plainly(Line& job, Station& station) {
  if (!begins_with_work(job) || !ready_.empty()) [[unlikely]] {
    station.busy.fall(now_);
    return start_plain_job(job, true);
  }
  job.holds_worker = true;
  job.started = true;
  plan_plain_work(job, Places::place_at(job.places, job.pc++));
}

// Steps: the line runs its instructions until it must wait or ends; then the one that it has unblocked does.
[[gnu::noinline]] inline void Simulation::run_plain_line(Line* line) {
  while (!runs_away(*line)) {
    bool goes_on = true;
    while (goes_on) {
      Place& place = Places::place_at(line->places, line->pc++);
      switch (place.action) {
        case Action::work: return start_plain_work(*line, place);
        case Action::call: return start_plain_call(*line, place);
        case Action::end:
          line = end_plain_job(*line, place, false);
          if (line == nullptr) return;
          goes_on = false;
          break;
        case Action::publish:
          if (!step_plain_publish(*line, place)) return;
          break;
        default:
          if (!step_otherwise(*line)) return;
      }
    }
  }
}

[[gnu::always_inline]] inline void Simulation::start_plain_work(Line& line, Place& place) {
  line.station->busy.rise(now_);
  plan_plain_work(line, place);
}

// Called rather than inlined: it is wanted in many places.
[[gnu::noinline]] inline void Simulation::plan_plain_work(Line& line, Place& place) {
  if (place.times == nullptr) [[unlikely]]
    places_.complete_work(line.path, line.pc - 1, requests_[line.request].key);
  if (runaway_.goes_on()) [[unlikely]]
    runaway_.note(line.operation);
  line.working = true;
  line.work_began = now_;
  calendar_.schedule(now_ + place.times->of(line.number), Rank::end, Event(What::plain_work_ends, line));
}

// Work has ended, and with it perhaps the job.
[[gnu::always_inline]] inline void Simulation::plain_work_ends(Line& line) {
  const Place& place = Places::place_at(line.places, line.pc - 1);
  line.working = false;
  fingerprint_.add(now_, salt::worked + line.visit, line.number);
  if (gone_ > 0) [[unlikely]]
    count_waste(line, line);
  if (place.may_fail) {
    const bool failed = place.fails != nullptr && place.fails->of(line.number);
    if (failed || (place.declines != nullptr && place.declines->of(line.number))) [[unlikely]] {
      line.station->busy.fall(now_);
      return end_line(line.self, failed ? Outcome::failed : Outcome::declined);
    }
  }
  Line* next = &line;
  if (place.closing)
    next = close_plain_job(line);
  else
    line.station->busy.fall(now_);
  if (next != nullptr) run_plain_line(next);
}

// Nothing but messages to publish and the end is left of a job whose work has just ended.
[[gnu::always_inline]] inline Line* Simulation::close_plain_job(Line& job) {
  Place* place = &Places::place_at(job.places, job.pc);
  while (place->action == Action::publish) {
    ++job.pc;
    step_plain_publish(job, *place);
    place = &Places::place_at(job.places, job.pc);
  }
  ++job.pc;
  return end_plain_job(job, *place, true);
}

[[gnu::always_inline]] inline void Simulation::start_plain_call(Line& line, Place& place) {
  if (place.to.station == nullptr) [[unlikely]]
    places_.complete_call(line.path, line.pc - 1);
  if (!place.simple) [[unlikely]]
    return start_call(line.self, topology_.code[line.pc - 1]);
  line.call_began = now_;
  line.tries = 1;
  ++line.generation;
  if (in_window_) {
    ++place.measured->calls;
    ++place.measured->attempts;
  }
  Scope* scope = line.scope;
  if (place.own_scope) scope = open_plain_call(line);
  if (place.timed | place.budgeted) arm_plain_call(line, place);
  enter_plain_station(new_plain_job(place.to, {.visit = place.site,
                                               .number = line.number,
                                               .request = line.request,
                                               .scope = scope,
                                               .waiter = {Waiter::Kind::line, line.self, line.generation},
                                               .priority = place.has_priority ? place.priority : line.priority,
                                               .own_scope = place.own_scope}));
}

// The account of a call that may be tried again, and that of its first attempt.
inline Scope* Simulation::open_plain_call(Line& line) {
  line.group = new_group(line.scope, 1);
  return new_scope(line.group);
}

inline void Simulation::arm_plain_call(const Line& line, const Place& place) {
  const CompiledCall& call = topology_.call_sites[place.index];
  if (call.has_budget) guards_[call.statistics].budget.count_first_attempt();
  if (call.timeout) set_timeout(place.index, *call.timeout, What::caller_gives_up, line.self, line.generation);
}

// The job has succeeded: its worker goes to the next one, whoever waits for it learns, and it is counted. Where its work has
// just ended the worker still counts as busy. Gives the caller, where it is the next to go on.
[[gnu::always_inline]] inline Line* Simulation::end_plain_job(Line& job, const Place& place, bool busy) {
  job.main_ended = true;
  ++job.generation;
  job.scope->succeeded |= job.own_scope;
  if (place.milestone != none) reach(job.request, place.milestone);
  Station& station = *job.station;
  const bool of_message = job.waiter.kind == Waiter::Kind::message;
  job.holds_worker = false;
  if (of_message) {
    if (!busy || !take_next_message(station, *job.backlog)) {
      --job.backlog->jobs;
      --job.backlog->in_hand;
      hand_on_plain_worker(station, busy);
      if (!job.backlog->available.empty()) try_deliver(job.subscription);
    }
    settle_plain_message(job);
  } else {
    hand_on_plain_worker(station, busy);
  }
  Line* next = nullptr;
  if (!of_message && !job.answered) next = answer_plainly(job, job.degraded ? Outcome::degraded : Outcome::succeeded);
  if (in_window_) {
    ++station.measured->completed;
    station.measured->sojourn_time.add((now_ - job.arrived).ns);
  }
  ++measured_.ledger.jobs_ended;
  job.live = false;
  job.waiter.kind = Waiter::Kind::nobody;
  lines_.give_back(job.self);
  leave_scope(job.scope);
  return next;
}

// Gives the caller, where it is the next to go on.
[[gnu::always_inline]] inline Line* Simulation::answer_plainly(Line& job, Outcome outcome) {
  job.answered = true;
  const Waiter& to = job.waiter;
  if (to.kind == Waiter::Kind::request) {
    Request& request = requests_[to.index];
    if (request.generation == to.generation) client_answered(request, outcome);
    return nullptr;
  }
  Line& caller = lines_[to.index];
  if (caller.generation != to.generation) return nullptr;
  if (caller.plain) [[likely]] {
    const Place& place = Places::place_at(caller.places, caller.pc - 1);
    if (place.simple) return plain_call_succeeded(caller, place, outcome);
  }
  call_answered(to.index, outcome);
  return nullptr;
}

// The line goes on behind the call, and behind its fallback.
[[gnu::always_inline]] inline Line* Simulation::plain_call_succeeded(Line& line, const Place& place, Outcome outcome) {
  ++line.generation;
  if (in_window_) place.measured->response_time.add((now_ - line.call_began).ns);
  if (place.own_scope) {
    leave_group(line.group);
    line.group = nullptr;
  }
  if (outcome == Outcome::degraded) line.degraded = true;
  if (place.has_fallback) line.pc = topology_.code[line.pc - 1].target;
  if (ready_.empty()) return &line;
  ready_.push_back(line);
  return nullptr;
}

// A worker is free: the job that is first in the queue takes it over, or a message does.
[[gnu::always_inline]] inline void Simulation::hand_on_plain_worker(Station& station, bool busy) {
  Pool& pool = station.pools.front();
  if (!pool.queue.empty()) {
    Line& job = lines_[pool.queue.pop(station.order)];
    station.queue.fall(now_);
    job.queued = false;
    if (in_window_) station.measured->waiting_time.add((now_ - job.arrived).ns);
    return busy ? take_over_plainly(job, station) : start_plain_job(job, true);
  }
  --pool.taken;
  station.taken.fall(now_);
  if (busy) station.busy.fall(now_);
  if (station.handles_messages)
    while (pool.has_free_worker() && deliver_plainly_to(station)) {
    }
}

}  // namespace sojourn
