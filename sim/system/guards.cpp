// Guards: a run that loops at one instant, that holds too much, or whose workers wait for each other is stopped.
#include "sojourn/system/guards.hpp"

#include <utility>

#include "sojourn/system/simulation.hpp"

namespace sojourn {
namespace {

constexpr std::uint64_t most_steps = 1'000'000;
constexpr std::uint64_t steps_a_user = 64;
constexpr std::size_t most_pending = 15'000'000;  // the calendar holds 2^24
constexpr int deadlock_checks = 64;               // in a horizon

/// "2GiB" or "300MiB": rounded down to whole units.
std::string size_text(std::uint64_t bytes) {
  if (bytes >= std::uint64_t{1} << 30) return std::to_string(bytes >> 30) + "GiB";
  return bytes >= std::uint64_t{1} << 20 ? std::to_string(bytes >> 20) + "MiB" : std::to_string(bytes) + " bytes";
}

}  // namespace

RunawayGuard::RunawayGuard(const Topology& topology) : most_(most_steps), seen_(topology.operations.size(), false) {
  for (const CompiledClient& client : topology.clients) most_ += steps_a_user * client.users;
  nearly_most_ = most_ - noted_last;
}

std::string RunawayGuard::reason(const Topology& topology) const {
  constexpr int most_names = 5;
  std::string names;
  int named = 0;
  for (std::size_t i = 0; i < seen_.size(); ++i) {
    if (!seen_[i]) continue;
    if (++named <= most_names) names += (names.empty() ? "" : ", ") + topology.operations[i].name;
  }
  if (named > most_names) names += " and " + std::to_string(named - most_names) + " more";
  return "a loop that takes no time: more than " + std::to_string(most_) + " steps at " + to_text(instant_) +
         (names.empty() ? "" : ", of " + names);
}

// The line goes no further than here; what it would unblock is dropped.
void Simulation::stop(std::string reason) {
  if (measured_.stopped.empty()) measured_.stopped = std::move(reason);
  stopped_ = true;
  ready_.clear();
}

bool Simulation::has_run_away(const Line& line) {
  if (!runaway_.note(line.operation)) return false;
  stop(runaway_.reason(topology_));
  return true;
}

// Every 16,384 events.
void Simulation::check_guards() {
  if (bytes_held() > options_.max_memory)
    return stop("out of memory at " + to_text(now_) + ": more than " + size_text(options_.max_memory) + " for " +
                std::to_string(requests_.live()) + " requests, " + std::to_string(lines_.live()) + " jobs and " +
                std::to_string(messages_.live()) + " messages in flight");
  if (calendar_.pending() > most_pending)
    return stop("out of events at " + to_text(now_) + ": more than " + std::to_string(most_pending) + " are pending");
  if (calendar_.scheduled() > calendar_.most_scheduled / 2)
    return stop("out of events at " + to_text(now_) + ": more than " + std::to_string(calendar_.most_scheduled / 2) +
                " were planned");
  if (!topology_.may_deadlock || now_ < next_deadlock_check_) return;
  next_deadlock_check_ = now_ + Duration{topology_.horizon.ns / deadlock_checks};
  check_deadlock();
}

// Queues hold indices into the arenas: they are in proportion.
std::uint64_t Simulation::bytes_held() const {
  std::uint64_t foreseen = 0;
  for (const Backlog& backlog : backlogs_) foreseen += backlog.starts.bytes();
  for (const Station& station : stations_) foreseen += station.foresight.bytes();
  return foreseen + lines_.bytes() + frames_.bytes() + claims_.bytes() + watches_.bytes() + forks_.bytes() +
         scopes_.bytes() + groups_.bytes() + requests_.bytes() + messages_.bytes() + parcels_.bytes() +
         attempts_.bytes() + calendar_.bytes() + places_.bytes();
}

}  // namespace sojourn
