#pragma once
// One replica of a service whose replicas are followed one by one: because they crash, scale, or share cores.

#include <cstdint>

#include "sojourn/core/time.hpp"
#include "sojourn/queueing/shared_clock.hpp"
#include "sojourn/stats/level.hpp"

namespace sojourn {

/// Whether a replica exists, and takes new jobs.
enum class Life : std::uint8_t { absent, starting, serving, leaving };

/// What those who ask see of it, from the best to the worst.
enum class Health : std::uint8_t { up, paused, hanging, refusing };

/// The state of one replica; its workers and its queue are kept with the pool.
struct Replica {
  Life life = Life::serving;
  Health health = Health::up;
  Health own = Health::up;        ///< by its own failures; incidents come on top
  std::uint32_t number = 0;       ///< counts births in the service: names its draws, and who is newest
  std::uint32_t failures = 0;     ///< so far
  std::uint32_t jobs = 0;         ///< started here and not ended
  Time ready_at = Time::never();  ///< when a starting one begins to serve
  Time turns_at = Time::never();  ///< when it fails next, or is repaired
  Time planned = Time::never();   ///< the next end of work that stands in the calendar
  std::int64_t used = 0;          ///< thousandths of cores in use
  SharedClock clock;              ///< of the work in progress

  [[nodiscard]] bool is_down() const { return health == Health::hanging || health == Health::refusing; }
};

/// What is measured of replicas that are followed one by one, besides busy workers.
struct ReplicaLevels {
  Level existing{Time{}, Time::never()};
  Level up{Time{}, Time::never()};       ///< existing, and neither paused nor down
  Level serving{Time{}, Time::never()};  ///< take new jobs, up or not
  Level used{Time{}, Time::never()};     ///< thousandths of cores in use

  struct Integrals {
    Int128 existing = 0, up = 0, serving = 0, used = 0;
  };
  [[nodiscard]] Integrals at(Time now) const {
    return {existing.integral_at(now), up.integral_at(now), serving.integral_at(now), used.integral_at(now)};
  }
};

}  // namespace sojourn
