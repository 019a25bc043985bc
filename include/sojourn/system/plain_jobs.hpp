#pragma once
// The short way through a plain service (see mark_plain): what the general functions of the same names without "plain" do,
// without all that cannot happen there. A run whose requests are observed goes the long way everywhere; tests hold both ways to
// the same results. Inline, for the loop in simulation.cpp alone.

#include "sojourn/core/hash.hpp"
#include "sojourn/system/hot_accounts.hpp"
#include "sojourn/system/salts.hpp"
#include "sojourn/system/simulation.hpp"

namespace sojourn {

[[gnu::always_inline]] inline std::uint32_t Simulation::new_plain_job(std::uint32_t operation, std::uint32_t request,
                                                                      std::uint32_t scope, std::uint64_t visit,
                                                                      std::uint64_t attempt, std::uint32_t path,
                                                                      std::int32_t priority, Waiter waiter) {
  const std::uint32_t index = lines_.take();
  Line& job = lines_[index];
  const CompiledOperation& compiled = topology_.operations[operation];
  if (!job.plain) [[unlikely]]
    clean_for_plain_job(index);
  ++job.generation;
  job.visit = visit;
  job.attempt = attempt;
  job.path = path;
  job.pc = compiled.entry;
  job.request = request;
  job.scope = scope;
  job.waiter = waiter;
  job.service = compiled.service;
  job.operation = operation;
  job.priority = priority;
  job.lines = 1;
  job.live = true;
  job.started = job.holds_worker = job.working = job.queued = false;
  job.answered = job.main_ended = job.degraded = job.own_scope = false;
  ++scope_of(scope).open;
  ++measured_.ledger.jobs_started;
  return index;
}

// A call has arrived: it starts, waits, or is refused.
[[gnu::always_inline]] inline void Simulation::enter_plain_station(std::uint32_t index) {
  Line& job = lines_[index];
  Station& station = stations_[job.service];
  Pool& pool = station.pools.front();
  job.arrived = now_;
  if (in_window_) ++station.measured->arrivals;
  if (pool.has_free_worker()) {
    take_plain_worker(job, station);
    job.started = true;
    if (in_window_) station.measured->waiting_time.add_zero();
    resume(index);
  } else if (pool.queue.size() < station.capacity) {
    job.queued = true;
    pool.queue.push(index, job.priority);
    station.queue.add(now_, +1);
  } else {
    refuse_job(index);
  }
}

[[gnu::always_inline]] inline void Simulation::take_plain_worker(Line& job, Station& station) {
  Pool& pool = station.pools.front();
  ++pool.taken;
  if (pool.taken > pool.workers) [[unlikely]]
    ++measured_.ledger.worker_limit_breaches;
  job.holds_worker = true;
  station.taken.add(now_, +1);
}

// Steps: the line runs its instructions until it must wait or ends.
[[gnu::always_inline]] inline void Simulation::run_plain_line(std::uint32_t index) {
  if (runs_away(index)) [[unlikely]]
    return;
  Line& line = lines_[index];
  while (true) {
    const Instruction& in = topology_.code[line.pc++];
    switch (in.action) {
      case Action::work: return start_plain_work(index, line, in);
      case Action::call: return start_plain_call(index, line, in);
      case Action::publish:
        if (!step_plain_publish(index, line, in)) return;
        break;
      case Action::end: return end_plain_job(index, line, Outcome::succeeded);
      case Action::reply: step_reply(index); break;
      case Action::notify: step_notify(line.request, topology_.notices[in.index]); break;
      case Action::delay:
        if (!step_delay(index, in)) return;
        break;
      case Action::choose: step_choose(line, in); break;
      case Action::jump: line.pc = in.target; break;
      default: return;  // stands in no plain code
    }
  }
}

[[gnu::always_inline]] inline void Simulation::start_plain_work(std::uint32_t index, Line& line, const Instruction& in) {
  const Duration time = work_time(line, in);
  line.working = true;
  line.work_began = now_;
  stations_[line.service].busy.add(now_, +1);
  schedule(now_ + time, Rank::end, What::plain_work_ends, index);
}

[[gnu::always_inline]] inline void Simulation::plain_work_ended(std::uint32_t index) {
  Line& line = lines_[index];
  line.working = false;
  stations_[line.service].busy.add(now_, -1);
  const Request& request = requests_[line.request];
  fingerprint_.add(now_, salt::worked + line.visit, request.number);
  if (gone_ > 0) count_waste(line, line);
  const Instruction& in = topology_.code[line.pc - 1];
  const CompiledWork& work = topology_.works[in.index];
  if (work.may_fail) [[unlikely]] {
    const Outcome outcome = outcome_of_work(work, request, mix(line.visit, in.site), line.attempt);
    if (outcome != Outcome::succeeded) return end_plain_job(index, line, outcome);
  }
  resume(index);
}

[[gnu::always_inline]] inline void Simulation::start_plain_call(std::uint32_t index, Line& line,
                                                                const Instruction& in) {
  const CompiledCall& call = topology_.call_sites[in.index];
  if (!call.simple) [[unlikely]]
    return start_call(index, in);
  line.call_began = now_;
  line.tries = 1;
  ++line.generation;
  if (in_window_) {
    CallMeasurement& measured = measured_.calls[call.statistics];
    ++measured.calls;
    ++measured.attempts;
  }
  if (call.has_budget) guards_[call.statistics].budget.count_first_attempt();
  if (call.timeout) set_timeout(in.index, *call.timeout, What::caller_gives_up, index, line.generation);
  std::uint32_t scope = line.scope;
  if (call.own_scope) {
    line.group = new_group(scope, line.request, 1);
    scope = new_scope(line.group);
  }
  const std::uint32_t pc = line.pc - 1;
  const std::uint64_t visit = line.path != none ? places_.at(line.path, pc).site : mix(line.visit, in.site);
  const std::uint32_t path = line.path != none ? places_.path_of_call(line.path, pc) : none;
  const std::int32_t priority = call.priority.value_or(line.priority);
  const Waiter waiter{Waiter::Kind::line, index, line.generation};
  if (!stations_[topology_.operations[call.operation].service].plain) [[unlikely]] {
    const std::uint32_t job =
        new_job(call.operation, line.request, scope, visit, line.attempt, priority, waiter);
    lines_[job].path = path;
    lines_[job].own_scope = call.own_scope;
    return enter_station(job);
  }
  const std::uint32_t job = new_plain_job(call.operation, line.request, scope, visit, line.attempt, path, priority, waiter);
  lines_[job].own_scope = call.own_scope;
  enter_plain_station(job);
}

// The job is over: its worker goes to the next one, whoever waits for it learns, and it is counted.
[[gnu::always_inline]] inline void Simulation::end_plain_job(std::uint32_t index, Line& job, Outcome outcome) {
  job.main_ended = true;
  ++job.generation;
  Scope& scope = scope_of(job.scope);
  if (outcome == Outcome::succeeded) {
    if (job.own_scope) scope.succeeded = true;
    if (job.degraded) outcome = Outcome::degraded;
    const std::uint32_t milestone = topology_.operations[job.operation].milestone;
    if (milestone != none) reach(job.request, milestone);
  } else if (!job.own_scope || job.answered) {
    scope.failed = true;
  }
  Station& station = stations_[job.service];
  const bool of_message = job.waiter.kind == Waiter::Kind::message;
  if (of_message) {
    --backlogs_[job.subscription].jobs;
    --backlogs_[job.subscription].in_hand;
  }
  job.holds_worker = false;
  --station.pools.front().taken;
  station.taken.add(now_, -1);
  serve_next_plainly(job.service, station);
  if (of_message)
    settle_plain_message(job, outcome);
  else if (!job.answered)
    answer_plainly(job, outcome);
  if (in_window_) {
    ++station.measured->completed;
    station.measured->sojourn_time.add((now_ - job.arrived).ns);
  }
  ++measured_.ledger.jobs_ended;
  job.live = false;
  job.waiter.kind = Waiter::Kind::nobody;
  const std::uint32_t account = job.scope;
  lines_.give_back(index);
  leave_scope(account);
}

[[gnu::always_inline]] inline void Simulation::answer_plainly(Line& job, Outcome outcome) {
  job.answered = true;
  const Waiter& to = job.waiter;
  if (to.kind == Waiter::Kind::request) {
    if (requests_[to.index].generation == to.generation) client_answered(to.index, outcome);
  } else if (lines_[to.index].generation == to.generation) {
    const CompiledCall& call = topology_.call_sites[topology_.code[lines_[to.index].pc - 1].index];
    if (call.simple && is_success(outcome))
      call_succeeded(to.index, call, outcome);
    else
      call_answered(to.index, outcome);
  }
}

// Gives free workers to those who wait: queued jobs first, then messages.
[[gnu::always_inline]] inline void Simulation::serve_next_plainly(std::uint32_t service, Station& station) {
  Pool& pool = station.pools.front();
  while (pool.has_free_worker()) {
    if (!pool.queue.empty()) {
      const std::uint32_t index = pool.queue.pop(station.order);
      Line& job = lines_[index];
      station.queue.add(now_, -1);
      job.queued = false;
      take_plain_worker(job, station);
      job.started = true;
      if (in_window_) station.measured->waiting_time.add((now_ - job.arrived).ns);
      resume(index);
    } else if (!station.handles_messages || !deliver_plainly_to(service)) {
      return;
    }
  }
}

}  // namespace sojourn
