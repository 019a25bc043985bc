#pragma once
// Guards against runs that get nowhere: they end the run, and say why.

#include <cstdint>
#include <string>
#include <vector>

#include "sojourn/core/time.hpp"
#include "sojourn/system/topology.hpp"

namespace sojourn {

/// Counts what happens at one instant: events, lines that go on, rounds of repeats. A million without time passing, and
/// 64 more for each user who may come at that instant, are a loop that never ends.
class RunawayGuard {
 public:
  RunawayGuard() = default;
  explicit RunawayGuard(const Topology& topology);

  /// An event has fired; whether too much has happened.
  bool fired(Time now) {
    if (now != instant_) {
      instant_ = now;
      steps_ = 0;
    }
    return ++steps_ > most_;
  }
  /// A line goes on; whether to note its operation, because the limit is near.
  bool goes_on() { return ++steps_ > nearly_most_; }
  /// Notes who was there shortly before the limit; whether the limit is passed.
  bool note(std::uint32_t operation) {
    seen_[operation] = true;
    return steps_ > most_;
  }

  /// What to say: how much happened, when, and which operations took part.
  [[nodiscard]] std::string reason(const Topology& topology) const;

 private:
  static constexpr std::uint64_t noted_last = 10'000;

  std::uint64_t steps_ = 0;
  std::uint64_t most_ = 0, nearly_most_ = 0;
  Time instant_{-1};
  std::vector<bool> seen_;  // by operation
};

/// Whether workers or resources may ever wait for each other in a circle: only then a run has to be watched.
[[nodiscard]] bool may_deadlock(const Topology& topology);

}  // namespace sojourn
