// Work whose progress depends on others or on the time: shared cores, contention, slowdowns, pauses.
#include <algorithm>

#include "sojourn/system/simulation.hpp"

namespace sojourn {

// Work begins on a replica that is followed by itself.
void Simulation::start_progress(std::uint32_t index, Duration work) {
  const Line& main = main_of(lines_[index]);
  const CompiledOperation& operation = topology_.operations[main.operation];
  Pool& pool = stations_[operation.service].pools[main.replica];
  const Conditions& conditions = operation_conditions_[main.operation];
  const double work_ns = static_cast<double>(work.ns) * conditions.slowdown;
  if (conditions.is_down(DownMode::pause))
    pool.replica.clock.start_aside(work_ns, index);
  else
    pool.replica.clock.start(now_, work_ns, index);
  set_pace(operation.service, main.replica);
}

// How fast each job in work on a replica progresses: min(1, cores / n), less by contention, slowdown and pause.
void Simulation::set_pace(std::uint32_t service, std::uint32_t pool_index) {
  const CompiledService& compiled = topology_.services[service];
  Station& station = stations_[service];
  Replica& replica = station.pools[pool_index].replica;
  const auto n = static_cast<double>(replica.clock.size());
  double pace = std::min(1.0, compiled.cores / std::max(1.0, n));
  if (n > 1) pace /= 1 + compiled.scalability.contention * (n - 1) + compiled.scalability.coherency * n * (n - 1);
  if (replica.health == Health::paused) pace = 0;
  replica.clock.set_rate(now_, pace / service_conditions_[service].slowdown);
  const auto used = static_cast<std::int64_t>(1000 * std::min(n, compiled.cores) + 0.5);
  station.levels.used.add(now_, static_cast<int>(used - replica.used));
  replica.used = used;
  plan_end(service, pool_index);
}

// Keeps the first end of work in the calendar. An event that was planned earlier and comes too soon is recognised and left.
void Simulation::plan_end(std::uint32_t service, std::uint32_t pool_index) {
  Replica& replica = stations_[service].pools[pool_index].replica;
  const Time end = replica.clock.next_end();
  if (end == replica.planned || end == Time::never()) return;
  replica.planned = end;
  schedule(end, Rank::end, What::replica_advances, service, pool_index);
}

void Simulation::replica_advances(std::uint32_t service, std::uint32_t pool_index) {
  Replica& replica = stations_[service].pools[pool_index].replica;
  if (replica.planned == now_) replica.planned = Time::never();
  if (replica.clock.next_end() > now_) return plan_end(service, pool_index);
  const std::uint32_t line = replica.clock.finish(now_);
  set_pace(service, pool_index);
  work_ended(line);
}

// While an operation is down its messages wait in their topics.
void Simulation::hold_messages(std::uint32_t operation) {
  const Conditions& conditions = operation_conditions_[operation];
  for (const std::uint32_t index : topology_.services[topology_.operations[operation].service].subscriptions)
    if (topology_.subscriptions[index].operation == operation)
      backlogs_[index].held = conditions.is_down(DownMode::refuse) || conditions.is_down(DownMode::hang) ||
                              conditions.is_down(DownMode::pause);
}

void Simulation::operation_conditions_changed(std::uint32_t operation) {
  const std::uint32_t service = topology_.operations[operation].service;
  if (!topology_.services[service].by_replica) return;
  hold_messages(operation);
  const Conditions& conditions = operation_conditions_[operation];
  const double factor = conditions.slowdown / slowdowns_.at(operation);
  slowdowns_[operation] = conditions.slowdown;
  const auto is_of_it = [&](std::uint32_t line) { return main_of(lines_[line]).operation == operation; };
  std::vector<Pool>& pools = stations_[service].pools;
  for (std::uint32_t p = 0; p < pools.size(); ++p) {
    SharedClock& clock = pools[p].replica.clock;
    if (factor != 1) clock.rescale(now_, [&](std::uint32_t line) { return is_of_it(line) ? factor : 1.0; });
    if (conditions.is_down(DownMode::pause))
      clock.set_aside(now_, is_of_it);
    else
      clock.put_back(now_, is_of_it);
    set_pace(service, p);
  }
  if (conditions.is_down(DownMode::refuse) || conditions.is_down(DownMode::hang))
    lose_jobs_of(operation, conditions.is_down(DownMode::refuse) ? Health::refusing : Health::hanging);
  for (const std::uint32_t index : topology_.services[service].subscriptions)
    if (topology_.subscriptions[index].operation == operation) try_deliver(index);
}

}  // namespace sojourn
