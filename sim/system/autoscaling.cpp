// Autoscaling: every interval, replicas := ceil(current * utilization / target), bounded.
#include <algorithm>
#include <cmath>

#include "sojourn/system/simulation.hpp"

namespace sojourn {

void Simulation::scaling_decides(std::uint32_t service) {
  const Autoscaling& rules = *topology_.services[service].autoscaling;
  Station& station = stations_[service];
  schedule(now_ + rules.interval, Rank::timer, What::scaling_decides, service);
  const ReplicaLevels::Integrals now = station.levels.at(now_);
  const ReplicaLevels::Integrals before = station.at_decision;
  station.at_decision = now;
  const auto used = static_cast<double>(now.used - before.used) / 1000;
  const auto served = static_cast<double>(now.serving - before.serving);
  const double utilization = served > 0 ? used / (served * topology_.services[service].cores) : 0;
  const auto serving = static_cast<double>(station.levels.serving.current());
  const double wanted = std::ceil(serving * utilization / rules.target_utilization - 1e-9);
  const auto goal = static_cast<std::uint32_t>(
      std::clamp(wanted, static_cast<double>(rules.minimum), static_cast<double>(rules.maximum)));
  std::uint32_t present = 0;
  for (const Pool& pool : station.pools)
    if (pool.replica.life == Life::starting || pool.replica.life == Life::serving) ++present;
  for (; present < goal; ++present) start_replica(service);
  for (; present > goal; --present) remove_newest(service);
}

void Simulation::start_replica(std::uint32_t service) {
  const Duration startup = topology_.services[service].autoscaling->startup;
  const std::uint32_t place = add_replica(service);
  if (startup.ns == 0) return begin_serving(service, place);
  Replica& replica = stations_[service].pools[place].replica;
  replica.ready_at = now_ + startup;
  schedule(replica.ready_at, Rank::timer, What::replica_ready, service, place);
}

void Simulation::replica_ready(std::uint32_t service, std::uint32_t place) {
  const Replica& replica = stations_[service].pools[place].replica;
  if (replica.life == Life::starting && replica.ready_at == now_) begin_serving(service, place);
}

// The newest takes nothing new any more, and finishes its work.
void Simulation::remove_newest(std::uint32_t service) {
  Station& station = stations_[service];
  std::uint32_t newest = none;
  for (std::uint32_t p = 0; p < station.pools.size(); ++p) {
    const Replica& replica = station.pools[p].replica;
    if (replica.life != Life::starting && replica.life != Life::serving) continue;
    if (newest == none || replica.number > station.pools[newest].replica.number) newest = p;
  }
  Replica& replica = station.pools[newest].replica;
  if (replica.life == Life::serving) station.levels.serving.add(now_, -1);
  replica.life = Life::leaving;
  retire_if_idle(service, newest);
}

void Simulation::retire_if_idle(std::uint32_t service, std::uint32_t place) {
  Station& station = stations_[service];
  Pool& pool = station.pools[place];
  if (pool.replica.life != Life::leaving || pool.taken > 0 || pool.replica.jobs > 0) return;
  if (!station.shared && !pool.queue.empty()) return;
  pool.replica.life = Life::absent;
  station.levels.existing.add(now_, -1);
  if (pool.replica.health == Health::up) station.levels.up.add(now_, -1);
}

}  // namespace sojourn
