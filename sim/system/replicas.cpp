// Replicas one by one: who takes a job, who is up, and what goes down with one that crashes.
#include <algorithm>

#include "sojourn/core/hash.hpp"
#include "sojourn/system/salts.hpp"
#include "sojourn/system/simulation.hpp"

namespace sojourn {
namespace {

Health health_of(DownMode mode) {
  switch (mode) {
    case DownMode::refuse: return Health::refusing;
    case DownMode::hang: return Health::hanging;
    case DownMode::pause: break;
  }
  return Health::paused;
}

Health health_in(const Conditions& conditions) {
  if (conditions.is_down(DownMode::refuse)) return Health::refusing;
  if (conditions.is_down(DownMode::hang)) return Health::hanging;
  return conditions.is_down(DownMode::pause) ? Health::paused : Health::up;
}

}  // namespace

void Simulation::start_replicas() {
  for (std::uint32_t s = 0; s < stations_.size(); ++s) {
    if (!topology_.services[s].by_replica) continue;
    const std::uint32_t first = topology_.services[s].replicas;
    stations_[s].pools.clear();
    for (std::uint32_t i = 0; i < first; ++i) begin_serving(s, add_replica(s));
    if (const auto& scaling = topology_.services[s].autoscaling)
      schedule(scaling->interval, Rank::timer, What::scaling_decides, s);
  }
}

// A new replica, at the first free place.
std::uint32_t Simulation::add_replica(std::uint32_t service) {
  const CompiledService& compiled = topology_.services[service];
  Station& station = stations_[service];
  std::uint32_t place = 0;
  // The first place of a shared queue is never given up: the queue stands there.
  while (place < station.pools.size() && station.pools[place].replica.life != Life::absent) ++place;
  if (place == station.pools.size())
    station.pools.push_back(
        {.workers = compiled.workers, .taken = 0, .queue = WaitingLine(compiled.discipline), .replica = {}});
  Replica& replica = station.pools[place].replica;
  replica.life = Life::starting;
  replica.own = Health::up;
  replica.health = Health::up;
  replica.number = station.births++;
  replica.failures = 0;
  station.levels.existing.add(now_, +1);
  station.levels.up.add(now_, +1);
  if (compiled.failures) plan_turn(service, place);
  return place;
}

void Simulation::begin_serving(std::uint32_t service, std::uint32_t place) {
  Station& station = stations_[service];
  Replica& replica = station.pools[place].replica;
  replica.life = Life::serving;
  replica.ready_at = Time::never();
  station.levels.serving.add(now_, +1);
  review_all(service);
  serve_next(service, place);
}

// ---- up and down ----

// The next failure or repair of a replica, by its own clock.
void Simulation::plan_turn(std::uint32_t service, std::uint32_t place) {
  Replica& replica = stations_[service].pools[place].replica;
  const CompiledFailures& failures = *topology_.services[service].failures;
  const bool fails_next = replica.own == Health::up;
  Draw draw(mix(run_key_, topology_.services[service].site), replica.number,
            mix(salt::failures, 2 * replica.failures + (fails_next ? 0 : 1)));
  const Duration wait = (fails_next ? failures.time_to_failure : failures.time_to_repair)(draw);
  replica.turns_at = now_ + wait;
  schedule(replica.turns_at, Rank::timer, What::replica_turns, service, place);
}

void Simulation::replica_turns(std::uint32_t service, std::uint32_t place) {
  Replica& replica = stations_[service].pools[place].replica;
  if (replica.life == Life::absent || replica.turns_at != now_) return;
  if (replica.own == Health::up) {
    replica.own = health_of(topology_.services[service].failures->mode);
  } else {
    replica.own = Health::up;
    ++replica.failures;
  }
  plan_turn(service, place);
  review(service, place);
}

void Simulation::service_conditions_changed(std::uint32_t service) {
  if (topology_.services[service].by_replica) review_all(service);
}

void Simulation::review_all(std::uint32_t service) {
  for (std::uint32_t p = 0; p < stations_[service].pools.size(); ++p) review(service, p);
}

// Whether an incident takes this replica away: the newest go first.
bool Simulation::is_taken_away(std::uint32_t service, std::uint32_t place) const {
  std::uint32_t lost = service_conditions_[service].replicas_lost;
  if (lost == 0) return false;
  const std::vector<Pool>& pools = stations_[service].pools;
  std::uint32_t newer = 0;
  for (const Pool& pool : pools)
    if (pool.replica.life == Life::serving && pool.replica.number > pools[place].replica.number) ++newer;
  return pools[place].replica.life == Life::serving && newer < lost;
}

// What holds a replica down has changed, perhaps: the worst of its own state and all incidents counts.
void Simulation::review(std::uint32_t service, std::uint32_t place) {
  Station& station = stations_[service];
  Replica& replica = station.pools[place].replica;
  if (replica.life == Life::absent) return;
  Health health = std::max(replica.own, health_in(service_conditions_[service]));
  if (is_taken_away(service, place)) health = Health::refusing;
  const Health before = replica.health;
  replica.health = health;
  if (health != before) {
    if (before == Health::up) station.levels.up.add(now_, -1);
    if (health == Health::up) station.levels.up.add(now_, +1);
    const bool was_down = before == Health::hanging || before == Health::refusing;
    if (replica.is_down() && !was_down) crash(service, place);
  }
  set_pace(service, place);
  if (health == Health::up && before != Health::up) serve_next(service, place);
}

// ---- who takes a job ----

// A replica that a job could start on now: the one with the most free workers. Without need of a worker, one that is paused
// when none runs.
std::uint32_t Simulation::free_replica(std::uint32_t service, bool needs_worker) const {
  const std::vector<Pool>& pools = stations_[service].pools;
  for (const Health health : {Health::up, Health::paused}) {
    if (health == Health::paused && needs_worker) break;  // nothing starts there
    std::uint32_t best = none;
    bool any = false;
    for (std::uint32_t i = 0; i < pools.size(); ++i) {
      if (pools[i].replica.life != Life::serving || pools[i].replica.health != health) continue;
      any = true;
      if (needs_worker && !pools[i].has_free_worker()) continue;
      if (best == none || pools[i].taken < pools[best].taken) best = i;
    }
    if (any) return best;
  }
  return none;
}

// How those who ask find the whole service.
Health Simulation::best_health(std::uint32_t service) const {
  Health best = Health::refusing;
  for (const Pool& pool : stations_[service].pools)
    if (pool.replica.life == Life::serving) best = std::min(best, pool.replica.health);
  return best;
}

// A job has come to a service whose replicas are followed one by one. Gives whether it found its replica, or its queue;
// otherwise its fate is sealed.
bool Simulation::enter_replica(std::uint32_t index) {
  Line& job = lines_[index];
  const std::uint32_t service = job.service;
  Station& station = stations_[service];
  const Health service_health = std::max(best_health(service), health_in(operation_conditions_[job.operation]));
  if (service_health == Health::refusing) return refuse_job(index), false;
  if (service_health == Health::hanging) return swallow_job(index), false;
  if (station.shared) {
    const std::uint32_t best = free_replica(service, true);
    const std::uint32_t any = best == none ? free_replica(service, false) : best;
    job.replica = any == none ? 0 : any;
    return true;
  }
  const Request& request = requests_[job.request];
  job.replica = station.balancer.choose_among(
      static_cast<std::uint32_t>(station.pools.size()),
      [&](std::uint32_t i) {
        const Replica& replica = station.pools[i].replica;
        return replica.life == Life::serving && replica.health != Health::refusing;
      },
      [&](std::uint32_t i) { return station.pools[i].taken + station.pools[i].queue.size(); },
      Draw(request.key, request.number, mix(job.visit + salt::balancing, job.attempt)));
  if (station.pools[job.replica].replica.health == Health::hanging) return swallow_job(index), false;
  return true;
}

// Whether a job may start on this replica now, given a free worker: not while it stands still.
bool Simulation::can_start(const Pool& pool) {
  return pool.replica.health == Health::up && pool.replica.life != Life::absent && pool.replica.life != Life::starting;
}

// Workers that are free and stand still: whoever comes waits for them, whatever the capacity of the queue.
std::size_t Simulation::paused_room(const Station& station, std::uint32_t place) {
  std::size_t room = 0;
  for (std::size_t p = station.shared ? 0 : place; p < (station.shared ? station.pools.size() : place + 1U); ++p) {
    const Pool& pool = station.pools[p];
    if (pool.replica.life == Life::serving && pool.replica.health == Health::paused) room += pool.workers - pool.taken;
  }
  return room;
}

// Whose job it is: a replica that leaves waits for its last one.
void Simulation::assign(Line& main, std::uint32_t replica) {
  std::vector<Pool>& pools = station_of(main).pools;
  if (main.is_assigned) --pools[main.replica].replica.jobs;
  main.replica = replica;
  main.is_assigned = true;
  ++pools[replica].replica.jobs;
}

void Simulation::unassign(const Line& main) {
  if (!main.is_assigned) return;
  const std::uint32_t service = main.service;
  --stations_[service].pools[main.replica].replica.jobs;
  retire_if_idle(service, main.replica);
}

// Whether an incident makes the job fail at its end.
bool Simulation::strikes(const Line& main) const {
  const Conditions& operation = operation_conditions_[main.operation];
  const Conditions& service = service_conditions_[main.service];
  const double chance = 1 - (1 - operation.fails) * (1 - service.fails);
  if (chance <= 0) return false;
  const Request& request = requests_[main.request];
  return uniform(request, mix(main.visit + salt::strikes, main.attempt)) <= chance;
}

// Whether a pool may start what waits: jobs of its queue, or messages.
bool Simulation::may_serve(const Station& station, const Pool& pool) {
  const Replica& replica = pool.replica;
  if (replica.health != Health::up) return false;
  return replica.life == Life::serving || (replica.life == Life::leaving && !station.shared);
}

}  // namespace sojourn
