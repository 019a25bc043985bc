// Calls: attempts, timeouts, retries, and how answers find those who wait for them.
#include "sojourn/core/hash.hpp"
#include "sojourn/system/hot_requests.hpp"
#include "sojourn/system/salts.hpp"

namespace sojourn {
namespace {

/// Counts how an attempt ended, where that is not a success.
void count_attempt(CallMeasurement& call, Outcome outcome) {
  switch (outcome) {
    case Outcome::failed: ++call.failed; break;
    case Outcome::refused: ++call.refused; break;
    case Outcome::timed_out: ++call.timed_out; break;
    case Outcome::open: ++call.open; break;
    case Outcome::succeeded:
    case Outcome::degraded:
    case Outcome::declined: break;
  }
}

}  // namespace

void Simulation::start_call(std::uint32_t index, const Instruction& in) {
  Line& line = lines_[index];
  const CompiledCall& call = topology_.call_sites[in.index];
  line.call_began = now_;
  line.tries = 0;
  line.group = call.own_scope ? new_group(line.scope, 1) : nullptr;
  if (in_window_) ++measured_.calls[call.statistics].calls;
  leave_worker_if_idle(main_of(line));  // before sending: the answer may come at once, and end the line
  attempt_call(index);
}

void Simulation::attempt_call(std::uint32_t index) {
  Line& line = lines_[index];
  const Instruction& in = topology_.code[line.pc - 1];
  const CompiledCall& call = topology_.call_sites[in.index];
  ++line.tries;
  ++line.generation;
  blame(index, Blame::back_off);
  if (call.has_budget && line.tries == 1) guards_[call.statistics].budget.count_first_attempt();
  if (call.guarded && !admit_attempt(index, call)) return;
  if (in_window_) ++measured_.calls[call.statistics].attempts;
  if (call.timeout) set_timeout(in.index, *call.timeout, What::caller_gives_up, index, line.generation);
  if (call.hedge) return send_copy(index, in);
  send_call(index, in, attempt_key(line, in));
}

// The place belongs to it: the second attempt of a caller is not the second attempt of the caller's own call.
std::uint64_t Simulation::attempt_key(const Line& line, const Instruction& in) {
  return line.tries == 1 ? line.attempt : mix(line.attempt + salt::attempt + mix(line.visit, in.site), line.tries);
}

void Simulation::send_call(std::uint32_t index, const Instruction& in, std::uint64_t attempt) {
  Line& line = lines_[index];
  const CompiledCall& call = topology_.call_sites[in.index];
  Scope* const scope = call.own_scope ? new_scope(line.group) : line.scope;
  const std::uint32_t job =
      new_job(call.operation, line.request, scope, mix(line.visit, in.site), attempt,
              call.priority.value_or(main_of(line).priority), {Waiter::Kind::line, index, line.generation});
  if (line.path != none && attempt == line.attempt) {
    const std::uint32_t pc = line.pc - 1;
    if (places_.at(line.path, pc).to.station == nullptr) places_.complete_call(line.path, pc);
    take_path(lines_[job], places_.at(line.path, pc).to.path);
  }
  lines_[job].own_scope = call.own_scope;
  lines_[job].link = call.link;
  lines_[job].deadline = call.deadline || line.deadline;
  send(job);
}

// One attempt has ended; the line goes on, asks again, or fails.
void Simulation::call_answered(std::uint32_t index, Outcome outcome) {
  Line& line = lines_[index];
  const Instruction& in = topology_.code[line.pc - 1];
  const CompiledCall& call = topology_.call_sites[in.index];
  if (trails_) charge_call(index, Blame::held);
  if (call.hedge && outcome != Outcome::timed_out && attempts_[line.attempt_state].copies > 0 &&
      !copy_decides(line, call, outcome))
    return;
  ++line.generation;
  if (call.guarded) attempt_ended(line, call, outcome);
  if (in_window_) count_attempt(measured_.calls[call.statistics], outcome);
  if (is_final(outcome) || !call.retry || line.tries >= call.retry->attempts || !is_tried_again(*call.retry, outcome) ||
      (call.has_budget && !guards_[call.statistics].budget.allow_retry()))
    return end_call(index, call, outcome);
  const Request& request = requests_[line.request];
  Draw draw(request.key, request.number, mix(mix(line.visit, in.site) + salt::backoff, line.attempt + line.tries));
  const Duration wait = backoff_before(*call.retry, line.tries, draw);
  schedule(now_ + wait, Rank::timer, What::caller_asks_again, index, line.generation);
}

void Simulation::end_call(std::uint32_t index, const CompiledCall& call, Outcome outcome) {
  Line& line = lines_[index];
  leave_attempt(line);
  if (in_window_) measured_.calls[call.statistics].response_time.add((now_ - line.call_began).ns);
  if (line.group != nullptr) leave_group(line.group);
  line.group = nullptr;
  if (outcome == Outcome::degraded) main_of(line).degraded = true;
  if (is_success(outcome)) {
    if (call.has_fallback) line.pc = topology_.code[line.pc - 1].target;
    return resume(index);
  }
  line.scope->failed = true;
  if (call.has_fallback && outcome != Outcome::declined) {
    if (in_window_) ++measured_.calls[call.statistics].fallback;
    main_of(line).degraded = true;
    return resume(index);
  }
  end_line(index, outcome == Outcome::declined ? Outcome::declined : Outcome::failed);
}

void Simulation::send(std::uint32_t job) {
  if (!topology_.has_network) return enter_station(job);
  send_over(job);
}

// The answer of a job to whoever waits for it.
void Simulation::answer(Line& main, Outcome outcome) {
  main.answered = true;
  if (!topology_.has_network) return deliver_answer(main.waiter, outcome);
  answer_over(main, outcome);
}

void Simulation::deliver_answer(const Waiter& to, Outcome outcome) {
  if (trails_) hear_trail(to);
  if (to.kind == Waiter::Kind::line && lines_[to.index].generation == to.generation)
    call_answered(to.index, outcome);
  else if (to.kind == Waiter::Kind::request && requests_[to.index].generation == to.generation)
    client_answered(requests_[to.index], outcome);
}

// Whether nobody waits any more, at any level above, for what this line does.
bool Simulation::caller_has_gone(const Line& from) const {
  const Line* line = &from;
  while (true) {
    while (line->fork != none) {
      const Fork& fork = forks_[line->fork];
      const Line& parent = lines_[fork.parent];
      if (parent.generation != fork.parent_generation) return true;
      line = &parent;
    }
    const Line& main = lines_[line->main];
    if (main.answered) return false;
    const Waiter& waiter = main.waiter;
    if (waiter.kind == Waiter::Kind::request) return requests_[waiter.index].generation != waiter.generation;
    if (waiter.kind != Waiter::Kind::line) return false;
    line = &lines_[waiter.index];
    if (line->generation != waiter.generation) return true;
  }
}

}  // namespace sojourn
