// Steps: a line runs its instructions until it must wait or ends.
#include "sojourn/core/hash.hpp"
#include "sojourn/system/hot_accounts.hpp"
#include "sojourn/system/salts.hpp"

namespace sojourn {

void Simulation::run_line(std::uint32_t index) {
  Line& line = lines_[index];
  if (runs_away(line)) return;
  blame(index, Blame::held);
  while (true) {
    if (line.deadline && is_past_deadline(line)) return end_line(index, Outcome::failed);
    const Instruction& in = topology_.code[line.pc++];
    switch (in.action) {
      case Action::work: return want_worker(index);
      case Action::call: return start_call(index, in);
      case Action::publish:
        if (!step_publish(index, in)) return;
        break;
      case Action::reply: step_reply(index); break;
      case Action::notify:
        if (main_of(line).batch)
          notify_batch(main_of(line), topology_.notices[in.index]);
        else
          step_notify(line.request, topology_.notices[in.index]);
        break;
      case Action::delay:
        if (!step_delay(index, in)) return;
        break;
      case Action::choose: step_choose(line, in); break;
      case Action::jump: line.pc = in.target; break;
      case Action::fork:
        if (!step_fork(index, in)) return;
        break;
      case Action::repeat: step_repeat(line, in); break;
      case Action::repeat_end:
        if (runs_away(line)) return;
        step_repeat_end(line, in);
        break;
      case Action::try_begin: open_frame(line, Frame::Kind::attempt).target = in.target; break;
      case Action::try_end:
        leave_frame(line);
        line.pc = in.target;
        break;
      case Action::undone: return compensation_ended(index);
      case Action::use:
        if (!step_use(index, in)) return;
        break;
      case Action::use_end: leave_frame(line); break;
      case Action::await:
        if (!step_await(index, in)) return;
        break;
      case Action::branch_end:
      case Action::end: return end_line(index, Outcome::succeeded);
    }
  }
}

// What is rare in a plain operation. Gives whether the line goes on at once.
bool Simulation::step_otherwise(Line& line) {
  const Instruction& in = topology_.code[line.pc - 1];
  switch (in.action) {
    case Action::reply: step_reply(line.self); return true;
    case Action::notify: step_notify(line.request, topology_.notices[in.index]); return true;
    case Action::delay: return step_delay(line.self, in);
    case Action::choose: step_choose(line, in); return true;
    case Action::jump: line.pc = in.target; return true;
    default: return false;  // stands in no plain operation
  }
}

void Simulation::work_ended(std::uint32_t index) {
  Line& line = lines_[index];
  Line& main = main_of(line);
  Station& station = station_of(main);
  main.working = false;
  blame(index, Blame::work);
  if (options_.audit && !past_horizon_) measured_.audits[main.service].work_ns += (now_ - main.work_began).ns;
  station.busy.fall(now_);
  const Request& request = requests_[line.request];
  fingerprint_.add(now_, salt::worked + line.visit, request.number);
  if (gone_ > 0) count_waste(line, main);
  const Instruction& in = topology_.code[line.pc - 1];
  const CompiledWork& work = topology_.works[in.index];
  if (main.wants_first != none) start_work(next_wanting(main));
  if (main.batch && !work.per_batch) return batch_worked(index);
  if (work.may_fail) {
    const Outcome outcome = outcome_of_work(work, request, mix(line.visit, in.site), line.attempt);
    if (outcome != Outcome::succeeded) return end_line(index, outcome);
  }
  run_line(index);
}

// Work for callers that have gone is in vain.
void Simulation::count_waste(const Line& line, const Line& main) {
  if (!in_window_ || !caller_has_gone(line)) return;
  measured_.services[main.service].wasted_ns += std::min(now_ - main.work_began, now_ - topology_.warmup).ns;
}

Outcome Simulation::outcome_of_work(const CompiledWork& work, const Request& request, std::uint64_t place,
                                    std::uint64_t attempt) {
  if (work.fails > 0 && uniform(request, mix(place + salt::fails, attempt)) <= work.fails) return Outcome::failed;
  if (work.declines > 0 && uniform(request, place + salt::declines) <= work.declines) return Outcome::declined;
  return Outcome::succeeded;
}

void Simulation::step_reply(std::uint32_t index) {
  Line& main = main_of(lines_[index]);
  if (main.answered || main.waiter.kind == Waiter::Kind::message) return;
  if (trails_) trails_->pass(trails_->line(index));
  answer(main, main.degraded ? Outcome::degraded : Outcome::succeeded);
}

bool Simulation::step_delay(std::uint32_t index, const Instruction& in) {
  Line& line = lines_[index];
  const Duration time =
      sample(topology_.delays[in.index], requests_[line.request], mix(mix(line.visit, in.site), line.attempt));
  if (time.ns == 0) return true;
  schedule(now_ + time, Rank::timer, What::delay_ends, index, ++line.generation);
  leave_worker_if_idle(main_of(line));
  return false;
}

void Simulation::step_choose(Line& line, const Instruction& in) {
  const CompiledChoice& choice = topology_.choices[in.index];
  const double u = uniform(requests_[line.request], mix(mix(line.visit, in.site), line.attempt));
  std::size_t branch = 0;
  while (branch < choice.cumulative.size() && u > choice.cumulative[branch]) ++branch;
  line.pc = choice.targets[branch];
}

// The branches start one after another at this instant; the line goes on when enough of them have succeeded.
bool Simulation::step_fork(std::uint32_t index, const Instruction& in) {
  Line& line = lines_[index];
  line.pc = in.target;
  const CompiledFork& compiled = topology_.forks[in.index];
  if (compiled.branches.empty()) return true;
  const std::uint32_t fork = forks_.take();
  forks_[fork] = {.parent = index,
                  .parent_generation = ++line.generation,
                  .needed = compiled.needed,
                  .succeeded = 0,
                  .open = static_cast<std::uint32_t>(compiled.branches.size()),
                  .group = compiled.own_scope ? new_group(line.scope, compiled.needed) : nullptr,
                  .declined = false};
  const std::uint32_t job = line.main;
  ++lines_[job].lines;  // keeps the job while branches start and perhaps end
  std::uint32_t first = none, last = none;
  for (const std::uint32_t entry : compiled.branches) {
    const std::uint32_t branch = new_branch(index, fork, entry);
    (first == none ? first : lines_[last].next) = branch;
    last = branch;
  }
  while (first != none) {
    const std::uint32_t branch = first;
    first = lines_[branch].next;
    lines_[branch].next = none;
    run_line(branch);
  }
  Line& main = lines_[job];
  if (--main.lines == 0 && main.main_ended)
    end_job(job);
  else
    leave_worker_if_idle(main);
  return false;
}

std::uint32_t Simulation::new_branch(std::uint32_t parent, std::uint32_t fork, std::uint32_t entry) {
  const std::uint32_t index = lines_.take();
  Line& branch = lines_[index];
  const Line& from = lines_[parent];
  const std::uint32_t generation = branch.generation + 1;
  branch = {};
  branch.visit = from.visit;
  branch.path = from.path;
  branch.attempt = from.attempt;
  branch.pc = entry;
  branch.generation = generation;
  branch.request = from.request;
  branch.main = from.main;
  branch.self = index;
  branch.service = from.service;
  branch.operation = from.operation;
  branch.fork = fork;
  branch.deadline = from.deadline;
  Group* const group = forks_[fork].group;
  branch.scope = group == nullptr ? from.scope : new_scope(group);
  ++branch.scope->open;
  ++lines_[from.main].lines;
  if (trails_) trails_->line(index) = Trail(trails_->line(parent));
  return index;
}

void Simulation::end_line(std::uint32_t index, Outcome outcome) {
  if (outcome != Outcome::succeeded && undo(index, outcome)) return;
  leave_frames(lines_[index]);
  if (lines_[index].fork != none)
    end_branch(index, outcome);
  else
    end_main(index, outcome);
}

void Simulation::end_branch(std::uint32_t index, Outcome outcome) {
  Line& branch = lines_[index];
  blame(index, Blame::held);
  const std::uint32_t fork_index = branch.fork;
  Fork& fork = forks_[fork_index];
  --fork.open;
  if (outcome == Outcome::succeeded) {
    ++fork.succeeded;
    if (fork.group != nullptr) branch.scope->succeeded = true;
  } else {
    fork.declined |= outcome == Outcome::declined;
    if (fork.group == nullptr) branch.scope->failed = true;
  }
  const std::uint32_t job = branch.main;
  Scope* const scope = branch.scope;
  branch.main = none;
  ++branch.generation;
  lines_.give_back(index);
  Line& main = lines_[job];
  --main.lines;
  leave_worker_if_idle(main);
  const bool was_last = main.main_ended && main.lines == 0;  // before the join, which may end the job by itself
  if (trails_) trails_->pass(trails_->line(index));
  join(fork_index);
  end_with(index);
  if (was_last && trails_) trails_->line(job) = Trail(trails_->line(index));
  leave_scope(scope);
  if (was_last) end_job(job);
}

// Tells the line that waits for the fork when its fate is known.
void Simulation::join(std::uint32_t index) {
  const Fork fork = forks_[index];
  if (fork.open == 0) {
    if (fork.group != nullptr) leave_group(fork.group);
    forks_.give_back(index);
  }
  Line& parent = lines_[fork.parent];
  const std::optional<Trail> passed = trails_ ? trails_->take_passed() : std::nullopt;
  if (parent.generation != fork.parent_generation) return;
  if (passed && (fork.succeeded >= fork.needed || fork.succeeded + fork.open < fork.needed))
    trails_->line(fork.parent) = *passed;
  if (fork.succeeded >= fork.needed) {
    ++parent.generation;
    if (fork.open > 0) ++gone_;
    return resume(fork.parent);
  }
  if (fork.succeeded + fork.open >= fork.needed) return;
  ++parent.generation;
  if (fork.open > 0) ++gone_;
  end_line(fork.parent, fork.declined ? Outcome::declined : Outcome::failed);
}

void Simulation::end_main(std::uint32_t index, Outcome outcome) {
  Line& main = lines_[index];
  blame(index, Blame::held);
  main.main_ended = true;
  --main.lines;
  ++main.generation;
  if (outcome == Outcome::succeeded && has_strikes_ && strikes(main)) outcome = Outcome::failed;
  const bool good = outcome == Outcome::succeeded;
  if (good && main.own_scope) main.scope->succeeded = true;
  if (!good && !main.own_scope) main.scope->failed = true;
  if (!good && main.answered) main.scope->failed = true;
  if (good && main.degraded) outcome = Outcome::degraded;
  const std::uint32_t milestone = topology_.operations[main.operation].milestone;
  if (good && milestone != none) {
    if (main.batch)
      reach_for_batch(main, milestone);
    else
      reach(main.request, milestone);
  }
  ++main.lines;  // keeps the job until everybody has been told
  const bool of_message = main.waiter.kind == Waiter::Kind::message;
  if (of_message && main.waiter.index == none && !main.batch) main.waiter.index = message_of(main);
  if (of_message) leave_hand(main);
  leave_worker_if_idle(main);
  if (of_message) {
    settle_messages(main, outcome);
  } else if (!main.answered) {
    if (trails_) trails_->pass(trails_->line(index));
    answer(main, outcome);
  }
  if (--main.lines == 0) end_job(index);
}

// The last line of a job has ended.
void Simulation::end_job(std::uint32_t index) {
  Line& main = lines_[index];
  if (main.holds_worker) release_worker(main);
  if (topology_.services[main.service].by_replica) unassign(main);
  ServiceMeasurement& service = measured_.services[main.service];
  if (in_window_) {
    ++service.completed;
    service.sojourn_time.add((now_ - main.arrived).ns);
  }
  ++measured_.ledger.jobs_ended;
  if (options_.audit) measured_.audits[main.service].present.add(now_, -1);
  Scope* const scope = main.scope;
  main.live = false;
  main.waiter = {};
  ++main.generation;
  lines_.give_back(index);
  end_with(index);
  leave_scope(scope);
}

}  // namespace sojourn
