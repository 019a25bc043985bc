#pragma once
// The short way through a plain service (see mark_plain): what the functions of the same names without "plain" do, without all
// that cannot happen there. It is for first attempts, and for runs whose requests are not observed; everything else goes the
// long way. Tests hold both ways to the same results. Inline, for the loop in simulation.cpp alone.

#include "sojourn/core/hash.hpp"
#include "sojourn/system/hot_accounts.hpp"
#include "sojourn/system/salts.hpp"
#include "sojourn/system/simulation.hpp"

namespace sojourn {

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
  job.request = from.request;
  job.scope = from.scope;
  job.waiter = from.waiter;
  job.service = to.service;
  job.operation = to.operation;
  job.station = to.station;
  job.priority = from.priority;
  job.lines = 1;
  job.live = true;
  job.started = job.holds_worker = job.working = job.queued = false;
  job.answered = job.main_ended = job.degraded = false;
  job.own_scope = from.own_scope;
  ++from.scope->open;
  ++measured_.ledger.jobs_started;
  return job;
}

// A call has arrived: it starts, waits, or is refused.
[[gnu::always_inline]] inline void Simulation::enter_plain_station(Line& job) {
  Station& station = *job.station;
  Pool& pool = station.pools.front();
  job.arrived = now_;
  if (in_window_) ++station.measured->arrivals;
  if (pool.has_free_worker()) {
    take_plain_worker(job, station, pool);
    if (in_window_) station.measured->waiting_time.add_zero();
    resume(job.main);
  } else if (pool.queue.size() < station.capacity) {
    job.queued = true;
    pool.queue.push(job.main, job.priority);
    station.queue.rise(now_);
  } else {
    refuse_job(job.main);
  }
}

[[gnu::always_inline]] inline void Simulation::take_plain_worker(Line& job, Station& station, Pool& pool) {
  ++pool.taken;
  if (pool.taken > pool.workers) [[unlikely]]
    ++measured_.ledger.worker_limit_breaches;
  station.taken.rise(now_);
  job.holds_worker = true;
  job.started = true;
}

// Steps: the line runs its instructions until it must wait or ends.
[[gnu::always_inline]] inline void Simulation::run_plain_line(std::uint32_t index, Line& line) {
  if (runs_away(index)) [[unlikely]]
    return;
  while (true) {
    Place& place = places_.at(line.path, line.pc++);
    switch (place.action) {
      case Action::work: return start_plain_work(index, line, place);
      case Action::call: return start_plain_call(index, line, place);
      case Action::end: return end_plain_job(index, line, place);
      case Action::publish:
        if (!step_plain_publish(index, line, place)) return;
        break;
      case Action::reply: step_reply(index); break;
      case Action::notify: step_notify(line.request, topology_.notices[place.index]); break;
      case Action::delay:
        if (!step_delay(index, topology_.code[line.pc - 1])) return;
        break;
      case Action::choose: step_choose(line, topology_.code[line.pc - 1]); break;
      case Action::jump: line.pc = topology_.code[line.pc - 1].target; break;
      default: return;  // stands in no plain code
    }
  }
}

[[gnu::always_inline]] inline void Simulation::start_plain_work(std::uint32_t index, Line& line, Place& place) {
  if (place.draws == nullptr) [[unlikely]]
    places_.complete_work(line.path, line.pc - 1, requests_[line.request].key);
  line.working = true;
  line.work_began = now_;
  line.station->busy.rise(now_);
  schedule(now_ + place.draws->of(line.number), Rank::end, What::plain_work_ends, index);
}

// Gives whether the line goes on.
[[gnu::always_inline]] inline bool Simulation::plain_work_ended(std::uint32_t index, Line& line) {
  line.working = false;
  line.station->busy.fall(now_);
  fingerprint_.add(now_, salt::worked + line.visit, line.number);
  if (gone_ > 0) count_waste(line, line);
  const Place& place = places_.at(line.path, line.pc - 1);
  if (!place.may_fail) [[likely]]
    return true;
  const Outcome outcome =
      outcome_of_work(topology_.works[place.index], requests_[line.request], place.site, line.attempt);
  if (outcome == Outcome::succeeded) return true;
  end_line(index, outcome);
  return false;
}

[[gnu::always_inline]] inline void Simulation::start_plain_call(std::uint32_t index, Line& line, Place& at) {
  const std::uint32_t pc = line.pc - 1;
  if (at.to.station == nullptr) [[unlikely]]
    places_.complete_call(line.path, pc);
  const Place& place = places_.at(line.path, pc);
  if (!place.simple) [[unlikely]]
    return start_call(index, topology_.code[pc]);
  line.call_began = now_;
  line.tries = 1;
  ++line.generation;
  if (in_window_) {
    ++place.measured->calls;
    ++place.measured->attempts;
  }
  Scope* scope = line.scope;
  if (place.own_scope) scope = open_plain_call(line);
  if (place.timed | place.budgeted) arm_plain_call(index, line, place);
  Line& job = new_plain_job(place.to, {.visit = place.site,
                                                     .number = line.number,
                                                     .request = line.request,
                                                     .scope = scope,
                                                     .waiter = {Waiter::Kind::line, index, line.generation},
                                                     .priority = place.has_priority ? place.priority : line.priority,
                                                     .own_scope = place.own_scope});
  enter_plain_station(job);
}

// The account of a call that may be tried again, and that of its first attempt.
inline Scope* Simulation::open_plain_call(Line& line) {
  line.group = new_group(line.scope, 1);
  return new_scope(line.group);
}

inline void Simulation::arm_plain_call(std::uint32_t index, const Line& line, const Place& place) {
  const CompiledCall& call = topology_.call_sites[place.index];
  if (call.has_budget) guards_[call.statistics].budget.count_first_attempt();
  if (call.timeout) set_timeout(place.index, *call.timeout, What::caller_gives_up, index, line.generation);
}

// The job has succeeded: its worker goes to the next one, whoever waits for it learns, and it is counted.
[[gnu::always_inline]] inline void Simulation::end_plain_job(std::uint32_t index, Line& job, const Place& place) {
  job.main_ended = true;
  ++job.generation;
  if (job.own_scope) job.scope->succeeded = true;
  const Outcome outcome = job.degraded ? Outcome::degraded : Outcome::succeeded;
  if (place.milestone != none) reach(job.request, place.milestone);
  Station& station = *job.station;
  const bool of_message = job.waiter.kind == Waiter::Kind::message;
  if (of_message) {
    --backlogs_[job.subscription].jobs;
    --backlogs_[job.subscription].in_hand;
  }
  job.holds_worker = false;
  --station.pools.front().taken;
  station.taken.fall(now_);
  serve_next_plainly(job.service, station);
  if (of_message)
    settle_plain_message(job);
  else if (!job.answered)
    answer_plainly(job, outcome);
  if (in_window_) {
    ++station.measured->completed;
    station.measured->sojourn_time.add((now_ - job.arrived).ns);
  }
  ++measured_.ledger.jobs_ended;
  job.live = false;
  job.waiter.kind = Waiter::Kind::nobody;
  Scope* const account = job.scope;
  lines_.give_back(index);
  leave_scope(account);
}

[[gnu::always_inline]] inline void Simulation::answer_plainly(Line& job, Outcome outcome) {
  job.answered = true;
  const Waiter& to = job.waiter;
  if (to.kind == Waiter::Kind::request) {
    Request& request = requests_[to.index];
    if (request.generation == to.generation) client_answered(request, outcome);
    return;
  }
  Line& caller = lines_[to.index];
  if (caller.generation != to.generation) return;
  if (caller.plain && is_success(outcome)) {
    const Place& place = places_.at(caller.path, caller.pc - 1);
    if (place.simple) return plain_call_succeeded(to.index, caller, place, outcome);
  }
  call_answered(to.index, outcome);
}

// The line goes on behind the call, and behind its fallback.
[[gnu::always_inline]] inline void Simulation::plain_call_succeeded(std::uint32_t index, Line& line,
                                                                    const Place& place, Outcome outcome) {
  ++line.generation;
  if (in_window_) place.measured->response_time.add((now_ - line.call_began).ns);
  if (place.own_scope) {
    leave_group(line.group);
    line.group = nullptr;
  }
  if (outcome == Outcome::degraded) line.degraded = true;
  if (place.has_fallback) line.pc = topology_.code[line.pc - 1].target;
  resume(index);
}

// Gives free workers to those who wait: queued jobs first, then messages.
[[gnu::always_inline]] inline void Simulation::serve_next_plainly(std::uint32_t service, Station& station) {
  Pool& pool = station.pools.front();
  while (pool.has_free_worker()) {
    if (!pool.queue.empty()) {
      const std::uint32_t index = pool.queue.pop(station.order);
      Line& job = lines_[index];
      station.queue.fall(now_);
      job.queued = false;
      take_plain_worker(job, station, pool);
      if (in_window_) station.measured->waiting_time.add((now_ - job.arrived).ns);
      resume(index);
    } else if (!station.handles_messages || !deliver_plainly_to(service)) {
      return;
    }
  }
}

}  // namespace sojourn
