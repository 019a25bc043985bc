#pragma once
// What incidents do at present to one target: a service, an operation, a topic, a link or a client.
// Slowdowns and rates multiply, latencies add, probabilities combine as 1 - (1-p)(1-q).

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sojourn/model/failures.hpp"
#include "sojourn/system/topology.hpp"

namespace sojourn {

/// The effects of all running incidents on one target, taken together.
class Conditions {
 public:
  double slowdown = 1;                        ///< work takes this many times as long
  double fails = 0;                           ///< probability that a job fails at its end
  double loss = 0;                            ///< probability that a hop loses what it carries
  double rate = 1;                            ///< gaps and think times are divided by this
  std::uint32_t replicas_lost = 0;            ///< of a service
  std::array<std::uint32_t, 3> down{};        ///< how many incidents hold it down, by DownMode
  std::vector<std::uint32_t> latencies = {};  ///< incidents that add time to its hops

  [[nodiscard]] bool is_down(DownMode mode) const { return down[static_cast<std::size_t>(mode)] > 0; }
  [[nodiscard]] bool is_calm() const { return running_.empty(); }

  void begin(const Topology& topology, std::uint32_t incident) {
    running_.push_back(incident);
    work_out(topology);
  }
  void end(const Topology& topology, std::uint32_t incident) {
    running_.erase(std::find(running_.begin(), running_.end(), incident));
    work_out(topology);
  }

 private:
  // Anew from all that run, so that nothing of an incident that has ended stays behind in the last bits.
  void work_out(const Topology& topology) {
    slowdown = rate = 1;
    double sound = 1, kept = 1;
    replicas_lost = 0;
    down = {};
    latencies.clear();
    for (const std::uint32_t index : running_) {
      const CompiledIncident& incident = topology.incidents[index];
      switch (incident.effect) {
        case IncidentEffect::down: ++down[static_cast<std::size_t>(incident.mode)]; break;
        case IncidentEffect::slowdown: slowdown *= incident.number; break;
        case IncidentEffect::fails: sound *= 1 - incident.number; break;
        case IncidentEffect::latency: latencies.push_back(index); break;
        case IncidentEffect::loss: kept *= 1 - incident.number; break;
        case IncidentEffect::rate: rate *= incident.number; break;
        case IncidentEffect::replicas: replicas_lost += incident.lost; break;
      }
    }
    fails = 1 - sound;
    loss = 1 - kept;
  }

  std::vector<std::uint32_t> running_;  // in the order of the file, as they begin
};

}  // namespace sojourn
