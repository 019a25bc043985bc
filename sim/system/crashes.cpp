// What is lost when a replica goes down: the jobs that it ran, and those in its queue.
#include <vector>

#include "sojourn/system/hot_accounts.hpp"

namespace sojourn {

// Everything that a replica holds is lost. Its callers see a failure when it refuses, silence when it hangs.
void Simulation::crash(std::uint32_t service, std::uint32_t place) {
  work_off();  // lines that are to go on do so before any of them is lost
  Station& station = stations_[service];
  const Health health = station.pools[place].replica.health;
  std::vector<std::uint32_t> lost;
  for (std::uint32_t i = 0; i < lines_.extent(); ++i) {
    const Line& job = lines_[i];
    const bool is_here = job.live && job.service == service && job.replica == place;
    if (is_here && job.started && !(job.queued && station.shared)) lost.push_back(i);
  }
  const bool queue_goes_too = !station.shared || best_health(service) >= Health::hanging;
  if (queue_goes_too) {
    WaitingLine& queue = station.queue_of(place);
    while (!queue.empty()) {
      const std::uint32_t job = queue.pop(station.order);
      lines_[job].queued = false;
      station.queue.fall(now_);
      if (station.shared || !lines_[job].started) lost.push_back(job);  // one that resumes is among the others already
    }
  }
  station.pools[place].replica.clock.clear();
  lose(lost, health);
}

// An operation that refuses or hangs loses its jobs, wherever they run or wait.
void Simulation::lose_jobs_of(std::uint32_t operation, Health health) {
  work_off();  // as in a crash
  Station& station = stations_[topology_.operations[operation].service];
  std::vector<std::uint32_t> lost;
  for (std::uint32_t i = 0; i < lines_.extent(); ++i)
    if (lines_[i].live && lines_[i].operation == operation && (lines_[i].started || lines_[i].queued))
      lost.push_back(i);
  for (Pool& pool : station.pools) {
    std::vector<std::uint32_t> others;
    while (!pool.queue.empty()) {
      const std::uint32_t job = pool.queue.pop(station.order);
      if (lines_[job].operation != operation) {
        others.push_back(job);
        continue;
      }
      lines_[job].queued = false;
      station.queue.fall(now_);
    }
    for (const std::uint32_t job : others) pool.queue.push(job, lines_[job].priority);
  }
  const auto is_lost = [&](std::uint32_t line) { return main_of(lines_[line]).operation == operation; };
  for (Pool& pool : station.pools) pool.replica.clock.drop(now_, is_lost);
  lose(lost, health);
  for (std::uint32_t p = 0; p < station.pools.size(); ++p) {
    set_pace(topology_.operations[operation].service, p);
    serve_next(topology_.operations[operation].service, p);
  }
}

// Jobs end all at once. First none of their lines hears of anything any more; then each is taken apart.
void Simulation::lose(const std::vector<std::uint32_t>& jobs, Health health) {
  if (jobs.empty()) return;
  std::vector<std::vector<std::uint32_t>> branches(jobs.size());
  std::vector<std::uint32_t> place_of(lines_.extent(), none);
  for (std::size_t i = 0; i < jobs.size(); ++i) place_of[jobs[i]] = static_cast<std::uint32_t>(i);
  for (std::uint32_t i = 0; i < lines_.extent(); ++i) {
    const Line& line = lines_[i];
    if (line.main == none || line.main == i || place_of[line.main] == none) continue;
    if (lines_[line.main].live && line.fork != none) branches[place_of[line.main]].push_back(i);
  }
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    silence(jobs[i]);
    for (const std::uint32_t branch : branches[i]) silence(branch);
  }
  ++gone_;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    for (const std::uint32_t branch : branches[i]) lose_branch(branch);
    lose_job(jobs[i], health);
  }
}

// A line that hears of nothing any more, and waits for no unit.
void Simulation::silence(std::uint32_t index) {
  Line& line = lines_[index];
  ++line.generation;
  if (line.frame != none && frames_[line.frame].kind == Frame::Kind::use && frames_[line.frame].claim != none)
    leave_frame(line);
}

void Simulation::lose_branch(std::uint32_t index) {
  Line& branch = lines_[index];
  leave_frames(branch);
  leave_attempt(branch);
  if (branch.group != nullptr) leave_group(branch.group);
  const std::uint32_t fork_index = branch.fork;
  Scope* const scope = branch.scope;
  branch.main = none;
  branch.group = nullptr;
  branch.fork = none;
  lines_.give_back(index);
  Fork& fork = forks_[fork_index];
  if (fork.group == nullptr) scope->failed = true;
  if (--fork.open == 0) {
    if (fork.group != nullptr) leave_group(fork.group);
    forks_.give_back(fork_index);
  }
  end_with(index);
  leave_scope(scope);
}

void Simulation::lose_job(std::uint32_t index, Health health) {
  Line& main = lines_[index];
  if (!main.main_ended) leave_frames(main);
  leave_attempt(main);
  if (!main.main_ended && main.group != nullptr) leave_group(main.group);
  main.group = nullptr;
  Station& station = station_of(main);
  if (options_.audit && !past_horizon_ && main.working)
    measured_.audits[main.service].work_ns += (now_ - main.work_began).ns;
  if (main.holds_worker) {
    if (main.working) station.busy.fall(now_);
    station.taken.fall(now_);
    --station.pools[main.replica].taken;
  }
  main.holds_worker = main.working = false;
  main.wants_first = main.wants_last = none;
  if (!main.own_scope || main.answered) main.scope->failed = true;
  if (main.waiter.kind == Waiter::Kind::message) {
    if (!main.main_ended) {
      leave_hand(main);
      settle_messages(main, Outcome::failed);
    }
  } else if (!main.answered && health == Health::refusing) {
    blame(index, Blame::held);
    if (trails_) trails_->pass(trails_->line(index));
    answer(main, Outcome::failed);
  }
  bury(index);
}

// The last of a job that is gone: counted, and its place given back.
void Simulation::bury(std::uint32_t index) {
  Line& main = lines_[index];
  if (in_window_) {
    ServiceMeasurement& service = measured_.services[main.service];
    ++service.completed;
    service.sojourn_time.add((now_ - main.arrived).ns);
  }
  ++measured_.ledger.jobs_ended;
  if (options_.audit) measured_.audits[main.service].present.add(now_, -1);
  unassign(main);
  blame(index, Blame::held);
  Scope* const scope = main.scope;
  main.live = false;
  main.waiter = {};
  ++main.generation;
  lines_.give_back(index);
  end_with(index);
  leave_scope(scope);
}

// A job that nobody will ever answer: it came to something that hangs.
void Simulation::swallow_job(std::uint32_t index) {
  if (!lines_[index].own_scope) lines_[index].scope->failed = true;
  bury(index);
}

}  // namespace sojourn
