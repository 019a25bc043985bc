// What an attempt passes before it is sent, and what its end means to breakers, limits and copies. From the outside in:
// retry(circuit_breaker(rate_limit(timeout(bulkhead(hedge(call)))))).
#include "sojourn/core/hash.hpp"
#include "sojourn/system/salts.hpp"
#include "sojourn/system/simulation.hpp"

namespace sojourn {

// Gives whether the attempt may be sent; otherwise it has ended, as open or refused.
bool Simulation::admit_attempt(std::uint32_t index, const CompiledCall& call) {
  Line& line = lines_[index];
  if (line.attempt_state == none) line.attempt_state = attempts_.take();
  Attempt& attempt = attempts_[line.attempt_state];
  attempt = {};
  attempt.began = now_;
  CallGuards& guards = guards_[call.statistics];
  if (call.has_breaker) {
    const auto permit = guards.breaker.admit(now_);
    if (!permit) return call_answered(index, Outcome::open), false;
    attempt.permit = *permit;
    attempt.admitted = true;
  }
  if (call.has_rate_limit && !guards.tokens.admit(now_)) return call_answered(index, Outcome::refused), false;
  if (call.has_bulkhead) {
    if (guards.calls_at_once >= topology_.call_rules[call.statistics].bulkhead->max_concurrent_calls)
      return call_answered(index, Outcome::refused), false;
    ++guards.calls_at_once;
    attempt.holds_permit = true;
  }
  return true;
}

// The caller waits no more for this attempt: its permit returns, and the breaker hears of it.
void Simulation::attempt_ended(Line& line, const CompiledCall& call, Outcome outcome) {
  Attempt& attempt = attempts_[line.attempt_state];
  CallGuards& guards = guards_[call.statistics];
  if (attempt.holds_permit) --guards.calls_at_once;
  attempt.holds_permit = false;
  const bool bad = outcome == Outcome::failed || outcome == Outcome::refused || outcome == Outcome::timed_out;
  if (attempt.admitted) guards.breaker.report(attempt.permit, now_, bad, now_ - attempt.began);
  attempt.admitted = false;
  if (attempt.copies > attempt.failed) ++gone_;  // copies that run on do so in vain
}

// A call is over, or its job is lost.
void Simulation::leave_attempt(Line& line) {
  if (line.attempt_state == none) return;
  Attempt& attempt = attempts_[line.attempt_state];
  const Instruction& in = topology_.code[line.pc - 1];
  CallGuards& guards = guards_[topology_.call_sites[in.index].statistics];
  if (attempt.holds_permit) --guards.calls_at_once;
  if (attempt.admitted) guards.breaker.withdraw(attempt.permit);
  attempts_.give_back(line.attempt_state);
  line.attempt_state = none;
}

// The next copy of a hedged attempt goes out, and the one after it is planned.
void Simulation::send_copy(std::uint32_t index, const Instruction& in) {
  Line& line = lines_[index];
  const CompiledCall& call = topology_.call_sites[in.index];
  Attempt& state = attempts_[line.attempt_state];
  const std::uint32_t copy = state.copies++;
  std::uint64_t attempt = attempt_key(line, in);
  if (copy > 0) attempt = mix(attempt + salt::copy + mix(line.visit, in.site), copy);
  if (state.copies < call.hedge->attempts)
    schedule(now_ + call.hedge->after, Rank::timer, What::copy_is_due, index, line.generation);
  send_call(index, in, attempt);
}

// One copy has ended; gives whether that ends the attempt: with the first success or no, or when all copies have failed.
bool Simulation::copy_decides(Line& line, const CompiledCall& call, Outcome outcome) {
  Attempt& attempt = attempts_[line.attempt_state];
  ++attempt.failed;  // it runs no more, at any rate
  const bool is_answer = outcome == Outcome::succeeded || outcome == Outcome::degraded || outcome == Outcome::declined;
  return is_answer || attempt.failed == call.hedge->attempts;
}

// Whether nobody waits any more for a job that stops with its callers.
bool Simulation::is_past_deadline(const Line& of) const {
  const Line* main = &lines_[of.main];
  while (main->deadline && main->waiter.kind == Waiter::Kind::line && !main->answered) {
    const Line& caller = lines_[main->waiter.index];
    if (caller.generation != main->waiter.generation) return true;
    main = &lines_[caller.main];
  }
  return false;
}

// A job whose turn has come too late: it ends before its first step, or goes no further.
void Simulation::drop_job(std::uint32_t index) {
  Line& job = lines_[index];
  if (job.started) {
    while (lines_[index].wants_first != none) end_line(next_wanting(lines_[index]), Outcome::failed);
    return;
  }
  if (!job.own_scope) job.scope->failed = true;
  bury(index);
}

}  // namespace sojourn
