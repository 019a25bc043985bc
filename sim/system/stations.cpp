// Workers and queues: who is refused, who waits, who starts.
#include "sojourn/core/hash.hpp"
#include "sojourn/system/hot_accounts.hpp"
#include "sojourn/system/salts.hpp"

namespace sojourn {

std::uint32_t Simulation::new_job(std::uint32_t operation, std::uint32_t request, Scope* scope, std::uint64_t visit,
                                  std::uint64_t attempt, std::int32_t priority, Waiter waiter) {
  const std::uint32_t index = lines_.take();
  Line& job = lines_[index];
  const std::uint32_t generation = job.generation + 1;
  job = {};
  job.visit = visit;
  job.attempt = attempt;
  job.pc = topology_.operations[operation].entry;
  job.generation = generation;
  job.request = request;
  job.scope = scope;
  job.main = index;
  job.self = index;
  job.waiter = waiter;
  job.service = topology_.operations[operation].service;
  job.operation = operation;
  job.priority = priority;
  job.live = true;
  ++scope->open;
  ++measured_.ledger.jobs_started;
  if (trails_) begin_job_trail(index);
  return index;
}

// The path of a first attempt's job; from there on it goes the short way, where there is one.
void Simulation::take_path(Line& job, std::uint32_t path) {
  job.path = path;
  job.station = &stations_[job.service];
  job.plain = path != none && job.station->plain;
  if (!job.plain) return;
  job.places = places_.base_of(path);
  job.number = requests_[job.request].number;
}

// From now on the short way uses it, which leaves most members as they are.
void Simulation::clean_for_plain_job(std::uint32_t index) {
  Line& job = lines_[index];
  const std::uint32_t generation = job.generation;
  job = {};
  job.generation = generation;
  job.main = index;
  job.self = index;
  job.plain = true;
}

// A call has arrived: it starts, waits, or is refused.
void Simulation::enter_station(std::uint32_t index) {
  Line& job = lines_[index];
  const std::uint32_t service = job.service;
  const CompiledService& compiled = topology_.services[service];
  Station& station = stations_[service];
  job.arrived = now_;
  blame(index, Blame::network);
  if (options_.audit) measured_.audits[service].present.add(now_, +1);
  if (topology_.has_follow_ups && job.waiter.kind == Waiter::Kind::request && requests_[job.request].follows != none)
    note_follow_up(requests_[job.request]);
  if (in_window_) ++measured_.services[service].arrivals;
  if (compiled.rate_limit && !station.tokens.admit(now_)) return refuse_job(index);
  if (compiled.by_replica) {
    if (!enter_replica(index)) return;
  } else if (station.pools.size() > 1) {
    const Request& request = requests_[job.request];
    job.replica =
        station.balancer.choose([&](std::uint32_t i) { return station.pools[i].taken + station.pools[i].queue.size(); },
                                Draw(request.key, request.number, mix(job.visit + salt::balancing, job.attempt)));
  }
  Pool& pool = station.pools[job.replica];
  WaitingLine& queue = station.queue_of(job.replica);
  const bool may_start = !compiled.by_replica || can_start(pool);
  if (may_start && compiled.async && topology_.code[job.pc].action != Action::work) {
    start_job(index);
  } else if (may_start && pool.has_free_worker()) {
    take_worker(job);
    start_job(index);
  } else if (compiled.capacity == none || queue.size() < compiled.capacity ||
             (compiled.by_replica && queue.size() < compiled.capacity + paused_room(station, job.replica))) {
    job.queued = true;
    queue.push(index, job.priority);
    station.queue.rise(now_);
  } else {
    refuse_job(index);
  }
}

// The first start of a job.
void Simulation::start_job(std::uint32_t index) {
  Line& job = lines_[index];
  job.started = true;
  blame(index, Blame::queue);
  if (topology_.services[job.service].by_replica) assign(job, job.replica);
  if (in_window_) measured_.services[job.service].waiting_time.add((now_ - job.arrived).ns);
  resume(index);
}

void Simulation::refuse_job(std::uint32_t index) {
  Line& job = lines_[index];
  if (in_window_) ++measured_.services[job.service].refused;
  ++measured_.ledger.jobs_refused;
  if (options_.audit) {
    ServiceAudit& audit = measured_.audits[job.service];
    audit.present.add(now_, -1);
    audit.refused_ns += (now_ - job.arrived).ns;
  }
  Scope* const scope = job.scope;
  if (!job.own_scope) scope->failed = true;
  blame(index, Blame::queue);
  if (trails_) trails_->pass(trails_->line(index));
  answer(job, Outcome::refused);
  job.live = false;
  job.waiter = {};
  ++job.generation;
  lines_.give_back(index);
  end_with(index);
  leave_scope(scope);
}

// A line stands before work. The job's lines share its one worker in turn; a job without one queues at the tail.
void Simulation::want_worker(std::uint32_t index) {
  Line& line = lines_[index];
  Line& main = main_of(line);
  if (main.holds_worker && !main.working) return start_work(index);
  (main.wants_first == none ? main.wants_first : lines_[main.wants_last].next) = index;
  main.wants_last = index;
  if (main.holds_worker || main.queued) return;
  Station& station = station_of(main);
  Pool& pool = station.pools[main.replica];
  const bool by_replica = topology_.services[main.service].by_replica;
  if (pool.has_free_worker() && (!by_replica || can_start(pool))) {
    take_worker(main);
    return put_worker_to_use(line.main);
  }
  if (by_replica && station.shared) {
    const std::uint32_t other = free_replica(main.service, true);
    if (other != none) {
      assign(main, other);
      take_worker(main);
      return put_worker_to_use(line.main);
    }
  }
  main.queued = true;
  station.queue_of(main.replica).push(line.main, main.priority);
  station.queue.rise(now_);
}

std::uint32_t Simulation::next_wanting(Line& main) {
  const std::uint32_t index = main.wants_first;
  main.wants_first = lines_[index].next;
  lines_[index].next = none;
  return index;
}

void Simulation::take_worker(Line& main) {
  Station& station = station_of(main);
  Pool& pool = station.pools[main.replica];
  ++pool.taken;
  if (pool.taken > pool.workers) ++measured_.ledger.worker_limit_breaches;
  main.holds_worker = true;
  station.taken.rise(now_);
}

// A job that waited for a worker has one.
void Simulation::put_worker_to_use(std::uint32_t index) {
  Line& main = lines_[index];
  if (!main.started) return start_job(index);
  start_work(next_wanting(main));
}

// How long the work takes that a line stands before.
Duration Simulation::work_time(const Line& line, const Instruction& in) {
  const Request& request = requests_[line.request];
  if (line.path == none)
    return sample(topology_.works[in.index].time, request, mix(mix(line.visit, in.site), line.attempt));
  const std::uint32_t pc = line.pc - 1;
  if (places_.at(line.path, pc).times == nullptr) places_.complete_work(line.path, pc, request.key);
  return places_.at(line.path, pc).times->of(request.number);
}

void Simulation::start_work(std::uint32_t index) {
  Line& line = lines_[index];
  Line& main = main_of(line);
  Station& station = station_of(main);
  const Instruction& in = topology_.code[line.pc - 1];
  blame(index, Blame::queue);
  main.working = true;
  main.work_began = now_;
  const Duration time = main.batch ? batch_work_time(line, in) : work_time(line, in);
  station.busy.rise(now_);
  if (topology_.services[main.service].by_replica) return start_progress(index, time);
  schedule(now_ + time, Rank::end, What::work_ends, index);
}

// A job that only waits gives its worker back, where waiting does not hold workers or its answer is long given.
void Simulation::leave_worker_if_idle(Line& main) {
  if (!main.holds_worker || main.working || main.wants_first != none) return;
  if (main.main_ended || topology_.services[main.service].async) release_worker(main);
}

void Simulation::release_worker(Line& main) {
  Station& station = station_of(main);
  main.holds_worker = false;
  --station.pools[main.replica].taken;
  station.taken.fall(now_);
  const std::uint32_t service = main.service;
  serve_next(service, main.replica);
  if (topology_.services[service].by_replica) retire_if_idle(service, main.replica);
}

// Gives free workers to those who wait: queued jobs first, then messages.
void Simulation::serve_next(std::uint32_t service, std::uint32_t pool_index) {
  Station& station = stations_[service];
  const CompiledService& compiled = topology_.services[service];
  while (stations_[service].pools[pool_index].has_free_worker()) {
    if (compiled.by_replica && !may_serve(station, station.pools[pool_index])) return;
    WaitingLine& queue = station.queue_of(pool_index);
    if (!queue.empty()) {
      const std::uint32_t job = queue.pop(station.order);
      Line& line = lines_[job];
      station.queue.fall(now_);
      line.queued = false;
      if (line.deadline && is_past_deadline(line)) {
        drop_job(job);
        continue;
      }
      if (compiled.max_wait && !line.started && now_ - line.arrived > *compiled.max_wait) {
        refuse_job(job);
        continue;
      }
      if (compiled.by_replica) {
        if (line.started)
          assign(line, pool_index);
        else
          line.replica = pool_index;
      }
      take_worker(line);
      put_worker_to_use(job);
    } else if (!deliver_to(service, pool_index)) {
      return;
    }
  }
}

// Where a message could be handled now; none when every worker is taken. With queues of its own each, the emptiest replica.
std::uint32_t Simulation::pool_with_free_worker(std::uint32_t service) {
  const std::vector<Pool>& pools = stations_[service].pools;
  if (topology_.services[service].by_replica) {
    const std::uint32_t free = free_replica(service, true);
    return free != none && pools[free].replica.health == Health::up ? free : none;
  }
  std::uint32_t best = none;
  for (std::uint32_t i = 0; i < pools.size(); ++i)
    if (pools[i].has_free_worker() && (best == none || pools[i].taken < pools[best].taken)) best = i;
  return best;
}

}  // namespace sojourn
